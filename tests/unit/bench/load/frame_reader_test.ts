import assert from "node:assert/strict";
import { test } from "node:test";
import {
  FrameReader,
  NO_FRAME,
  OPCODE,
} from "../../../../bench/load/frame_reader.ts";

const decoder = new TextDecoder();

/** A frame as a server sends it: header literally, then the payload. */
function frame(header: readonly number[], payload: string): Uint8Array {
  return Uint8Array.of(...header, ...new TextEncoder().encode(payload));
}

const HI = frame([0x81, 2], "hi");
const PING = frame([0x89, 0], "");
const LONG_TEXT = "x".repeat(300);
const LONG = frame([0x82, 126, 1, 44], LONG_TEXT);
const HUGE_TEXT = "y".repeat(70_000);
const HUGE = frame([0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70], HUGE_TEXT);

/** All frames of a stream that comes in pieces. */
function readAll(pieces: readonly Uint8Array[]): [number, string][] {
  const reader = new FrameReader();
  const frames: [number, string][] = [];
  let rest: Uint8Array | undefined;
  for (const piece of pieces) {
    reader.feed(piece, rest);
    for (
      let opcode = reader.next();
      opcode !== NO_FRAME;
      opcode = reader.next()
    ) {
      const payload = reader.bytes.subarray(reader.start, reader.end);
      frames.push([opcode, decoder.decode(payload)]);
    }
    rest = reader.rest();
  }
  assert.equal(rest, undefined);
  return frames;
}

const STREAM = Uint8Array.of(...HI, ...PING, ...LONG, ...HUGE, ...HI);
const FRAMES: readonly [number, string][] = [
  [OPCODE.text, "hi"],
  [OPCODE.ping, ""],
  [OPCODE.binary, LONG_TEXT],
  [OPCODE.text, HUGE_TEXT],
  [OPCODE.text, "hi"],
];

test("next() finds frames with lengths of 7, 16 and 64 bits", () => {
  assert.deepEqual(readAll([STREAM]), FRAMES);
});

test("next() finds the same frames wherever reads are cut", () => {
  for (const size of [1, 2, 3, 7, 130, 303, 4_096]) {
    // Byte by byte through the whole of a huge frame would copy it as often.
    const end = size < 100 ? HI.length + PING.length + LONG.length : undefined;
    const stream = STREAM.subarray(0, end);
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) {
      pieces.push(stream.subarray(at, at + size));
    }
    const frames = end === undefined ? FRAMES : FRAMES.slice(0, 3);
    assert.deepEqual(readAll(pieces), frames, `pieces of ${size}`);
  }
});

test("rest() is a copy that outlives the read", () => {
  const reader = new FrameReader();
  const chunk = Uint8Array.of(...HI, 0x81, 2, 104);
  reader.feed(chunk, undefined);
  assert.equal(reader.next(), OPCODE.text);
  assert.equal(reader.next(), NO_FRAME);
  const rest = reader.rest();
  chunk.fill(0);
  reader.feed(Uint8Array.of(105), rest);
  assert.equal(reader.next(), OPCODE.text);
  assert.equal(decoder.decode(reader.bytes.subarray(reader.start)), "hi");
});

test("next() throws for frames no server here sends", () => {
  const wrong = {
    masked: [0x81, 0x82, 0, 0, 0, 0, 104, 105],
    fragment: [0x01, 2, 104, 105],
    compressed: [0xc1, 2, 104, 105],
  };
  for (const [name, bytes] of Object.entries(wrong)) {
    const reader = new FrameReader();
    reader.feed(Uint8Array.from(bytes), undefined);
    assert.throws(() => reader.next(), /Cannot read a frame/, name);
  }
});
