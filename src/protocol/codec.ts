import type { Frame, FrameOrigin } from "./frame.ts";
import type { Outbound } from "./message.ts";
import type { ParsedEnvelope } from "./envelope.ts";

/** What a frame is stamped with when it is encoded. */
export interface EncodeOptions {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly origin?: FrameOrigin | undefined;
}

/** One wire form of messages. Stateless: one instance serves every connection. */
export interface Codec {
  readonly name: string;
  /** @throws HubError INVALID_FORMAT where `data` cannot be written down (say, nested too deeply) */
  encode(message: Outbound, options: EncodeOptions): Frame;
  /** Reads one message from a text or binary payload; never throws. */
  decode(data: string | Uint8Array): ParsedEnvelope;
}

/** A codec and the manners around it, as negotiated at the upgrade. */
export interface Dialect {
  /** The WebSocket subprotocol that asks for it; undefined for the plain dialect. */
  readonly subprotocol: string | undefined;
  readonly codec: Codec;
  /** Puts between messages that share a frame, both ways; undefined: one message a frame. */
  readonly separator: string | undefined;
}
