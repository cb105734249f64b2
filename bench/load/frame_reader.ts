/** WebSocket opcodes (RFC 6455 §5.2), and what `FrameReader.next` says when there is no more. */
export const OPCODE = {
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;
export const NO_FRAME = -1;

const NOTHING = new Uint8Array(0);
const FIN = 0x80;
const OPCODE_BITS = 0x0f;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/**
 * Takes a server's frames out of what a socket read: unmasked, whole, uncompressed, as every server
 * here sends them. One reader serves all sockets, one read at a time; it copies nothing but the
 * piece of a frame that a read ends with.
 */
export class FrameReader {
  /** What `start` and `end` are places in. */
  bytes: Uint8Array = NOTHING;
  /** Where the payload of the frame at hand starts. */
  start = 0;
  /** Where it ends, not included. */
  end = 0;
  #at = 0;

  /** Starts over with what one socket read, `rest` being what its last read left. */
  feed(chunk: Uint8Array, rest: Uint8Array | undefined): void {
    this.bytes = rest === undefined ? chunk : joined(rest, chunk);
    this.#at = 0;
  }

  /**
   * Goes on to the next frame and returns its opcode; `NO_FRAME` when no whole one is left.
   *
   * @throws Error for a frame no server here should send: masked, fragmented or compressed
   */
  next(): number {
    const { bytes } = this;
    const at = this.#at;
    const available = bytes.length - at;
    if (available < 2) return NO_FRAME;
    const first = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    let header = 2;
    if (length >= LENGTH_16) {
      if (length > LENGTH_64) throw unexpected(first, length);
      header = length === LENGTH_16 ? 4 : 10;
      if (available < header) return NO_FRAME;
      length = bigEndian(bytes, at + 2, header - 2);
    }
    if (available < header + length) return NO_FRAME;
    if ((first & ~OPCODE_BITS) !== FIN) throw unexpected(first, length);
    this.start = at + header;
    this.end = this.start + length;
    this.#at = this.end;
    return first & OPCODE_BITS;
  }

  /** What belongs to a frame that has not come whole: a copy to keep; undefined for none. */
  rest(): Uint8Array | undefined {
    return this.#at === this.bytes.length
      ? undefined
      : this.bytes.slice(this.#at);
  }
}

function bigEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}

function joined(rest: Uint8Array, chunk: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(rest.length + chunk.length);
  bytes.set(rest);
  bytes.set(chunk, rest.length);
  return bytes;
}

function unexpected(first: number, length: number): Error {
  return new Error(
    `Cannot read a frame of the server: it starts with ${first}, ${length}`,
  );
}
