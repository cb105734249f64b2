import { Buffer } from "node:buffer";
import { closePayload, encodeFrame, OPCODES } from "./raw_ws_frames.ts";

/** Bytes that end a connection, and the close code they must end it with (RFC 6455 §7.4.1). */
export interface HostileFrame {
  readonly bytes: Uint8Array;
  readonly code: 1002 | 1007 | 1009;
}

const { text, binary, continuation, close, ping, pong } = OPCODES;

/** Makes frames that no client may send, the n-th always alike; `maxBytes` is what the hub takes. */
export function hostileFrame(n: number, maxBytes: number): HostileFrame {
  const kind = KINDS[n % KINDS.length];
  if (kind === undefined) throw new Error("Cannot happen: no such kind");
  return { bytes: kind.make(n, maxBytes), code: kind.code };
}

interface Kind {
  readonly code: HostileFrame["code"];
  make(n: number, maxBytes: number): Uint8Array;
}

const RESERVED_OPCODES = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];
const FORBIDDEN_CLOSE_CODES = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2_999];

const KINDS: readonly Kind[] = [
  {
    code: 1002,
    make: (n) => encodeFrame({ opcode: pick(RESERVED_OPCODES, n) }),
  },
  {
    code: 1002,
    make: (n) => encodeFrame({ opcode: text, rsv: 1 + n % 7, payload: "{}" }),
  },
  {
    code: 1002,
    make: (n) => encodeFrame({ opcode: n % 2 === 0 ? ping : pong, rsv: 4 }),
  },
  {
    code: 1002,
    make: () => encodeFrame({ opcode: text, payload: "{}", isMasked: false }),
  },
  {
    code: 1002,
    make: (n) => encodeFrame({ opcode: continuation, fin: n % 2 === 0 }),
  },
  {
    code: 1002,
    make: () =>
      Buffer.concat([
        encodeFrame({ opcode: text, fin: false, payload: '{"message_' }),
        encodeFrame({ opcode: binary, payload: 'type":"ping"}' }),
      ]),
  },
  { code: 1002, make: () => encodeFrame({ opcode: ping, fin: false }) },
  {
    code: 1002,
    make: (n) =>
      encodeFrame({ opcode: ping, payload: Buffer.alloc(126 + n % 99) }),
  },
  { code: 1002, make: () => encodeFrame({ opcode: close, payload: "x" }) },
  {
    code: 1002,
    make: (n) =>
      encodeFrame({
        opcode: close,
        payload: closePayload(pick(FORBIDDEN_CLOSE_CODES, n)),
      }),
  },
  {
    code: 1007,
    make: (n) =>
      encodeFrame({
        opcode: text,
        payload: Buffer.concat([Buffer.alloc(n % 99, 0x20), Buffer.of(0xff)]),
      }),
  },
  {
    code: 1007,
    make: () =>
      Buffer.concat([
        encodeFrame({ opcode: text, fin: false, payload: Buffer.of(0xed) }),
        encodeFrame({ opcode: continuation, payload: Buffer.of(0xa0, 0x80) }),
      ]),
  },
  {
    code: 1009,
    make: (n, maxBytes) =>
      encodeFrame({
        opcode: n % 2 === 0 ? text : binary,
        payload: Buffer.alloc(maxBytes + 1, 0x20),
      }),
  },
  {
    code: 1009,
    make: (_, maxBytes) =>
      Buffer.concat([
        encodeFrame({
          opcode: text,
          fin: false,
          payload: Buffer.alloc(maxBytes, 0x20),
        }),
        encodeFrame({ opcode: continuation, payload: " " }),
      ]),
  },
  // Only a header, of a frame of 1 TiB.
  {
    code: 1009,
    make: () => Buffer.of(0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4),
  },
];

function pick(list: readonly number[], n: number): number {
  // Kinds come in turn, so a kind's own n goes up in steps of their number.
  return list[Math.floor(n / KINDS.length) % list.length] ?? 0;
}
