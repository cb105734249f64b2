const encoder = new TextEncoder();

/**
 * Where a frame came from, as far as a full queue must know: whose frames may be dropped, and whom
 * to tell. Implemented by `Room`.
 */
export interface FrameOrigin {
  readonly id: string;
  /** What a connection does when it cannot take one more frame of this origin. */
  readonly slowConsumer: "disconnect" | "drop_oldest" | "drop_newest";
}

/**
 * One encoded WebSocket message, built once and shared by every connection that gets it.
 *
 * Immutable but for `wire`, which belongs to the transport alone.
 */
export class Frame {
  /** The payload of a text message; undefined for a binary one. */
  readonly text: string | undefined;
  /** The payload as bytes; for a text message its UTF-8 form. */
  readonly bytes: Uint8Array;
  /** The room this was published to; undefined for whatever must not be dropped. */
  readonly origin: FrameOrigin | undefined;
  /**
   * The transport's own ready-to-write form of this message (say, with its RFC 6455 header), made
   * by the first connection that writes it and reused by the others.
   */
  wire: unknown = undefined;

  constructor(payload: string | Uint8Array, origin?: FrameOrigin) {
    if (typeof payload === "string") {
      this.text = payload;
      this.bytes = encoder.encode(payload);
    } else {
      this.text = undefined;
      this.bytes = payload;
    }
    this.origin = origin;
  }
}
