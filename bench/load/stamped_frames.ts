import { textFrame } from "./client_frame.ts";
import {
  isStampAt,
  MARK,
  type Stamp,
  STAMP_BYTES,
  writeStamp,
} from "./stamp.ts";

const MARKS = String.fromCharCode(MARK, MARK);

/** The content of a message of so many bytes, with room for a stamp at its start. */
export function blankContent(bytes: number): string {
  return MARKS.padEnd(STAMP_BYTES, "0").padEnd(bytes, "x");
}

/** A ready-made message of one client, as often as it may be sent at once: sending only stamps it. */
export class StampedFrames {
  readonly #bytes: Uint8Array;
  readonly #frameBytes: number;
  readonly #stampOffset: number;

  /** `message` carries a `blankContent`. */
  constructor(message: string, copies: number) {
    const frame = textFrame(message);
    this.#frameBytes = frame.length;
    this.#bytes = new Uint8Array(frame.length * copies);
    for (let i = 0; i < copies; i++) this.#bytes.set(frame, i * frame.length);
    this.#stampOffset = frame.indexOf(MARK);
    if (!isStampAt(frame, this.#stampOffset)) {
      throw new Error(`Cannot stamp the message: it has no mark: ${message}`);
    }
  }

  /** Stamps one of the copies. */
  stamp(copy: number, stamp: Stamp): void {
    const at = copy * this.#frameBytes + this.#stampOffset;
    writeStamp(this.#bytes, { ...stamp, at });
  }

  /** The first `count` copies; the same memory on every call. */
  first(count: number): Uint8Array {
    return this.#bytes.subarray(0, count * this.#frameBytes);
  }
}
