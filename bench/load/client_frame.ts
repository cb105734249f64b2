import { OPCODE } from "./frame_reader.ts";

const encoder = new TextEncoder();
const FIN = 0x80;
const MASKED = 0x80;
const MASK_BYTES = 4;

/** A text message as a client sends it. */
export function textFrame(text: string): Uint8Array {
  return clientFrame(OPCODE.text, encoder.encode(text));
}

/** The answer to a ping with this payload. */
export function pongFrame(payload: Uint8Array): Uint8Array {
  return clientFrame(OPCODE.pong, payload);
}

/**
 * One whole frame. The masking key is zero, so that masking leaves the payload as it is: it costs
 * the load nothing, and the server, which has to unmask it, as much as any other.
 */
function clientFrame(opcode: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const header = 2 + extended + MASK_BYTES;
  const frame = new Uint8Array(header + length);
  const view = new DataView(frame.buffer);
  frame[0] = FIN | opcode;
  frame[1] = MASKED | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) view.setUint16(2, length);
  if (extended === 8) view.setBigUint64(2, BigInt(length));
  frame.set(payload, header);
  return frame;
}
