import { Buffer } from "node:buffer";

/** RFC 6455 §5.2, field by field; whatever is left out is as a well-behaved client sends it. */
export interface FrameFields {
  /** 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong; 3–7 and 11–15 are reserved. */
  readonly opcode: number;
  readonly payload?: string | Uint8Array;
  /** The last frame of its message. @default {true} */
  readonly fin?: boolean;
  /** RSV1, RSV2, RSV3 as the bits 4, 2, 1. @default {0} */
  readonly rsv?: number;
  /** @default {true} */
  readonly isMasked?: boolean;
}

export const OPCODES = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

const MASK = Uint8Array.of(0x5a, 0x01, 0xf0, 0x3c);

/** The bytes of one frame. */
export function encodeFrame(fields: FrameFields): Buffer {
  const { opcode, payload = "", fin = true, rsv = 0, isMasked = true } = fields;
  const bytes = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const mask = isMasked ? 0x80 : 0;
  let header: Buffer;
  if (bytes.length < 126) {
    header = Buffer.of(first, mask | bytes.length);
  } else if (bytes.length < 65_536) {
    header = Buffer.of(first, mask | 126, 0, 0);
    header.writeUInt16BE(bytes.length, 2);
  } else {
    header = Buffer.of(first, mask | 127, 0, 0, 0, 0, 0, 0, 0, 0);
    header.writeUInt32BE(bytes.length, 6);
  }
  if (!isMasked) return Buffer.concat([header, bytes]);
  const masked = bytes.map((byte, i) => byte ^ (MASK[i % 4] ?? 0));
  return Buffer.concat([header, MASK, masked]);
}

/** The payload of a close frame. */
export function closePayload(code: number, reason = ""): Buffer {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return payload;
}

/** A frame as it came from a server. */
export interface ReceivedFrame {
  readonly opcode: number;
  readonly fin: boolean;
  readonly rsv: number;
  readonly payload: Buffer;
}

/** Cuts a byte stream into frames. Servers must not mask, so a masked frame throws. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The frames that `chunk` completes. */
  read(chunk: Uint8Array): ReceivedFrame[] {
    this.#rest = this.#rest.length === 0
      ? Buffer.from(chunk)
      : Buffer.concat([this.#rest, chunk]);
    const frames: ReceivedFrame[] = [];
    for (;;) {
      const frame = this.#next();
      if (frame === undefined) return frames;
      frames.push(frame);
    }
  }

  #next(): ReceivedFrame | undefined {
    const rest = this.#rest;
    if (rest.length < 2) return undefined;
    const first = rest.readUInt8(0);
    const second = rest.readUInt8(1);
    if ((second & 0x80) !== 0) {
      throw new Error("Cannot read a frame: the server masked it");
    }
    const short = second & 0x7f;
    const headerBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (rest.length < headerBytes) return undefined;
    const length = short === 127
      ? Number(rest.readBigUInt64BE(2))
      : short === 126
      ? rest.readUInt16BE(2)
      : short;
    const end = headerBytes + length;
    if (rest.length < end) return undefined;
    this.#rest = rest.subarray(end);
    return {
      opcode: first & 0x0f,
      fin: (first & 0x80) !== 0,
      rsv: (first >> 4) & 7,
      payload: rest.subarray(headerBytes, end),
    };
  }
}
