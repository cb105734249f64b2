import type { Dialect } from "../protocol/codec.ts";
import { Frame } from "../protocol/frame.ts";

/** Frames of a separating dialect share one WebSocket message up to this size. */
const MAX_JOINED_BYTES = 65_536;

/**
 * What a connection is to be written this tick: a list of frames, shared by all connections that
 * are to get the same ones.
 *
 * Appending a frame gives the next list and leaves this one alone. As long as a fan-out appends
 * the same frame to the same list again and again, every receiver gets the same object: nothing is
 * allocated per receiver, the array for the socket is built once, and so is whatever the transport
 * makes of that array.
 */
export class Batch {
  /** Bytes of all payloads. */
  readonly bytes: number;
  readonly count: number;
  /** The list before `frame` was appended; undefined for the empty list. */
  readonly parent: Batch | undefined;
  readonly frame: Frame | undefined;
  #lastFrame: Frame | undefined;
  #lastNext: Batch | undefined;
  #frames: readonly Frame[] | undefined;
  #joined: readonly Frame[] | undefined;

  constructor(parent?: Batch, frame?: Frame) {
    this.parent = parent;
    this.frame = frame;
    if (parent === undefined || frame === undefined) {
      this.bytes = 0;
      this.count = 0;
    } else {
      this.bytes = parent.bytes + frame.bytes.length;
      this.count = parent.count + 1;
    }
  }

  /** This list and one more frame. */
  append(frame: Frame): Batch {
    if (this.#lastFrame === frame && this.#lastNext !== undefined) {
      return this.#lastNext;
    }
    const next = new Batch(this, frame);
    this.#lastFrame = frame;
    this.#lastNext = next;
    return next;
  }

  /** The frames in order, joined where the dialect can; the same array on every call. */
  frames(dialect: Dialect): readonly Frame[] {
    const frames = this.#frames ??= this.#collect();
    if (dialect.separator === undefined || frames.length === 1) return frames;
    return this.#joined ??= joinFrames(frames, dialect.separator);
  }

  #collect(): readonly Frame[] {
    const frames = new Array<Frame>(this.count);
    // deno-lint-ignore no-this-alias -- the walk up the chain starts here
    let batch: Batch | undefined = this;
    for (let i = this.count - 1; batch?.frame !== undefined; i--) {
      frames[i] = batch.frame;
      batch = batch.parent;
    }
    return frames;
  }
}

/** Puts text frames together, in order, as few messages as the size allows; others stay alone. */
export function joinFrames(
  frames: readonly Frame[],
  separator: string,
): readonly Frame[] {
  const joined: Frame[] = [];
  let texts: string[] = [];
  let first: Frame | undefined;
  let bytes = 0;
  function close(): void {
    if (first === undefined) return;
    joined.push(texts.length === 1 ? first : new Frame(texts.join(separator)));
    texts = [];
    first = undefined;
    bytes = 0;
  }
  for (const frame of frames) {
    if (frame.text === undefined) {
      close();
      joined.push(frame);
      continue;
    }
    if (bytes + frame.bytes.length > MAX_JOINED_BYTES) close();
    first ??= frame;
    texts.push(frame.text);
    bytes += frame.bytes.length + separator.length;
  }
  close();
  return joined;
}
