import { Buffer } from "node:buffer";
import { constants, deflateRawSync } from "node:zlib";
import { Sender } from "ws";
import type { Frame } from "../../protocol/frame.ts";
import { COMPRESS_FROM_BYTES } from "../limits.ts";

declare module "ws" {
  interface FrameOptions {
    readonly fin: boolean;
    readonly opcode: number;
    readonly mask: boolean;
    readonly readOnly: boolean;
    readonly rsv1: boolean;
  }
  /** Exported by the package, but not by its types. */
  class Sender {
    /** Header and payload of one frame, unjoined. */
    static frame(payload: Uint8Array, options: FrameOptions): Uint8Array[];
  }
}

const OPCODE_TEXT = 1;
const OPCODE_BINARY = 2;
/** What Z_SYNC_FLUSH ends with and RFC 7692 §7.2.1 leaves out: an empty block's 00 00 ff ff. */
const SYNC_TAIL_BYTES = 4;

/** A frame as it goes over the wire, RFC 6455 header included; kept in `Frame.wire`. */
class WireForms {
  #deflated: Buffer | undefined;
  readonly plain: Buffer;

  constructor(frame: Frame) {
    this.plain = encode(frame, frame.bytes, false);
  }

  /** The compressed form, or the plain one where compression does not pay. */
  deflated(frame: Frame): Buffer {
    this.#deflated ??= this.#deflate(frame);
    return this.#deflated;
  }

  #deflate(frame: Frame): Buffer {
    if (frame.bytes.length < COMPRESS_FROM_BYTES) return this.plain;
    const compressed = deflateRawSync(frame.bytes, {
      level: constants.Z_BEST_SPEED,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    const encoded = encode(
      frame,
      compressed.subarray(0, compressed.length - SYNC_TAIL_BYTES),
      true,
    );
    return encoded.length < this.plain.length ? encoded : this.plain;
  }
}

function encode(frame: Frame, payload: Uint8Array, rsv1: boolean): Buffer {
  const opcode = frame.text === undefined ? OPCODE_BINARY : OPCODE_TEXT;
  return Buffer.concat(
    Sender.frame(payload, {
      fin: true,
      opcode,
      mask: false,
      readOnly: true,
      rsv1,
    }),
  );
}

function wireForms(frame: Frame): WireForms {
  if (frame.wire instanceof WireForms) return frame.wire;
  const forms = new WireForms(frame);
  frame.wire = forms;
  return forms;
}

/**
 * Joins frames to the bytes of one write, and remembers the last result: the hub hands the very same
 * array to every connection with the same pending frames, so a room of 1,000 is joined once.
 */
export class FrameJoiner {
  readonly #deflates: boolean;
  #lastFrames: readonly Frame[] | undefined;
  #lastBytes: Buffer = Buffer.alloc(0);

  /** `deflates`: for peers that negotiated permessage-deflate without context takeover. */
  constructor(deflates: boolean) {
    this.#deflates = deflates;
  }

  /** The bytes of `frames`, in order; shared by all who ask, never to be changed. */
  join(frames: readonly Frame[]): Buffer {
    if (frames !== this.#lastFrames) {
      this.#lastBytes = this.#concat(frames);
      this.#lastFrames = frames;
    }
    return this.#lastBytes;
  }

  #concat(frames: readonly Frame[]): Buffer {
    const [first] = frames;
    if (first !== undefined && frames.length === 1) return this.#bytesOf(first);
    return Buffer.concat(frames.map((frame) => this.#bytesOf(frame)));
  }

  #bytesOf(frame: Frame): Buffer {
    const forms = wireForms(frame);
    return this.#deflates ? forms.deflated(frame) : forms.plain;
  }
}
