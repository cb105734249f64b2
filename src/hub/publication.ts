import { HubError } from "../errors.ts";
import type { Codec, EncodeOptions } from "../protocol/codec.ts";
import type { Frame } from "../protocol/frame.ts";
import type { Outbound } from "../protocol/message.ts";
import type { Connection } from "./connection.ts";

/** Who gets a message and how large it may be. */
export interface SendOptions {
  /** Does not get it. */
  readonly except?: Connection | undefined;
  /** The encoded message may have this many bytes; absent: any number. */
  readonly maxBytes?: number | undefined;
}

/** One message on its way to many: encoded when the first receiver of a codec is met, and once. */
export class Publication {
  readonly #message: Outbound;
  readonly #encoding: EncodeOptions;
  readonly #frames = new Map<Codec, Frame>();

  constructor(message: Outbound, encoding: EncodeOptions) {
    this.#message = message;
    this.#encoding = encoding;
  }

  /** @throws HubError INVALID_FORMAT where the content cannot be encoded */
  frame(codec: Codec): Frame {
    let frame = this.#frames.get(codec);
    if (frame === undefined) {
      frame = codec.encode(this.#message, this.#encoding);
      this.#frames.set(codec, frame);
    }
    return frame;
  }

  /**
   * Has the connections get the message; returns how many do.
   *
   * Allocates nothing per receiver: neighbours of one codec share the frame, and their queues too
   * as long as they hold the same frames (`Batch`).
   *
   * @throws HubError INVALID_FORMAT, MESSAGE_TOO_LARGE; nobody got it then
   */
  deliverTo(
    connections: Iterable<Connection>,
    options: SendOptions = {},
  ): number {
    const { except, maxBytes = Infinity } = options;
    let codec: Codec | undefined;
    let frame: Frame | undefined;
    let count = 0;
    for (const connection of connections) {
      if (connection === except) continue;
      if (frame === undefined || connection.dialect.codec !== codec) {
        codec = connection.dialect.codec;
        frame = this.frame(codec);
        if (frame.bytes.length > maxBytes) {
          throw new HubError("MESSAGE_TOO_LARGE", { max_bytes: maxBytes });
        }
      }
      connection.deliver(frame);
      count++;
    }
    return count;
  }
}
