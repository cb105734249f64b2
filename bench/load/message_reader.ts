import { FrameReader, NO_FRAME, OPCODE } from "./frame_reader.ts";
import { isStampAt, MARK, STAMP_BYTES } from "./stamp.ts";

/** What `MessageReader.next` came upon. Plain numbers: it is asked once a delivery. */
export const FOUND = {
  /** All that was read is done with. */
  nothing: 0,
  /** A message of the load's own; `at` is where its stamp starts. */
  stamped: 1,
  /** Anything else a server says, for `text()`. */
  other: 2,
  /** A ping, for `payload()`. */
  ping: 3,
  /** The server closes, for `payload()`. */
  close: 4,
} as const;

const NEWLINE = 10;

/**
 * Goes through what a socket read, message by message, with the least work: all stamps of one kind
 * of message stand in the same place, so after the first one finding a stamp is two comparisons,
 * and so is finding the end of a message that shares its frame with others.
 */
export class MessageReader {
  readonly #frames = new FrameReader();
  readonly #isSeparated: boolean;
  /** The message at hand. */
  #from = 0;
  #to = 0;
  /** Where the frame at hand ends; at most `#to` when it is done with. */
  #frameEnd = 0;
  #stampOffset = 0;
  #stampedBytes = 0;
  /** Where the stamp of the message at hand starts. */
  at = 0;

  /** `isSeparated`: a frame may hold several messages with a newline between two. */
  constructor(isSeparated: boolean) {
    this.#isSeparated = isSeparated;
  }

  /** What `at` is a place in. */
  get bytes(): Uint8Array {
    return this.#frames.bytes;
  }

  /** Starts over with what one socket read, `rest` being what its last read left. */
  feed(chunk: Uint8Array, rest: Uint8Array | undefined): void {
    this.#frames.feed(chunk, rest);
    this.#to = 0;
    this.#frameEnd = 0;
  }

  /** Goes on to the next message and tells what it is: a value of `FOUND`. */
  next(): number {
    if (this.#to < this.#frameEnd) {
      this.#from = this.#to + 1;
      return this.#message();
    }
    const opcode = this.#frames.next();
    if (opcode === NO_FRAME) return FOUND.nothing;
    this.#from = this.#frames.start;
    this.#frameEnd = this.#frames.end;
    if (opcode === OPCODE.text || opcode === OPCODE.binary) {
      return this.#message();
    }
    this.#to = this.#frameEnd;
    switch (opcode) {
      case OPCODE.ping:
        return FOUND.ping;
      case OPCODE.close:
        return FOUND.close;
      default:
        return FOUND.other;
    }
  }

  /** What belongs to a message that has not come whole, to be handed to the next `feed`. */
  rest(): Uint8Array | undefined {
    return this.#frames.rest();
  }

  /** The message at hand; valid until the next call. */
  payload(): Uint8Array {
    return this.bytes.subarray(this.#from, this.#to);
  }

  text(): string {
    return decoder.decode(this.payload());
  }

  #message(): number {
    const { bytes } = this.#frames;
    const at = this.#from + this.#stampOffset;
    const to = this.#isSeparated
      ? this.#from + this.#stampedBytes
      : this.#frameEnd;
    if (
      isStampAt(bytes, at) && at + STAMP_BYTES <= to &&
      (to === this.#frameEnd || to < this.#frameEnd && bytes[to] === NEWLINE)
    ) {
      this.#to = to;
      this.at = at;
      return FOUND.stamped;
    }
    return this.#unfamiliarMessage();
  }

  #unfamiliarMessage(): number {
    const { bytes } = this.#frames;
    const newline = this.#isSeparated ? bytes.indexOf(NEWLINE, this.#from) : -1;
    this.#to = newline < 0 ? this.#frameEnd : Math.min(newline, this.#frameEnd);
    const at = bytes.indexOf(MARK, this.#from);
    if (at < 0 || at + STAMP_BYTES > this.#to || !isStampAt(bytes, at)) {
      return FOUND.other;
    }
    this.at = at;
    this.#stampOffset = at - this.#from;
    this.#stampedBytes = this.#to - this.#from;
    return FOUND.stamped;
  }
}

const decoder = new TextDecoder();
