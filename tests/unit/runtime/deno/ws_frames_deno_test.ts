import assert from "node:assert/strict";
import { test } from "node:test";
import { Frame } from "../../../../src/protocol/frame.ts";
import { FrameJoiner } from "../../../../src/runtime/deno/ws_frames.ts";

test("FrameJoiner.join() frames text and binary by RFC 6455", () => {
  const joiner = new FrameJoiner(false);
  const bytes = joiner.join([
    new Frame("hi"),
    new Frame(Uint8Array.of(7)),
    new Frame(""),
  ]);
  // FIN and opcode, length without mask, payload.
  assert.deepEqual([...bytes], [0x81, 2, 0x68, 0x69, 0x82, 1, 7, 0x81, 0]);
});

test("FrameJoiner.join() joins the same array once, and no other for it", () => {
  const joiner = new FrameJoiner(false);
  const frames = [new Frame("a"), new Frame("b")];
  const bytes = joiner.join(frames);
  assert.equal(joiner.join(frames), bytes);
  const other = joiner.join([...frames]);
  assert.notEqual(other, bytes);
  assert.deepEqual(other, bytes);
});

test("FrameJoiner.join() frames a message once for all connections", () => {
  const frame = new Frame("x".repeat(10_000));
  new FrameJoiner(true).join([frame]);
  const { wire } = frame;
  assert.notEqual(wire, undefined);
  const plain = new FrameJoiner(false).join([frame]);
  const deflated = new FrameJoiner(true).join([frame]);
  assert.equal(frame.wire, wire);
  assert.equal(plain.length, 10_004);
  assert.ok(deflated.length < 200);
  assert.equal(new FrameJoiner(true).join([frame]), deflated);
});

test("FrameJoiner.join() sends uncompressed what compression would not shrink", () => {
  const noise = crypto.getRandomValues(new Uint8Array(2_000));
  const frame = new Frame(noise);
  assert.equal(
    new FrameJoiner(true).join([frame]),
    new FrameJoiner(false).join([frame]),
  );
});
