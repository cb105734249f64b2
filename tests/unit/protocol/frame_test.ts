import assert from "node:assert/strict";
import { test } from "node:test";
import { Frame } from "../../../src/protocol/frame.ts";

test("Frame of a string keeps the text and its UTF-8 bytes", () => {
  const frame = new Frame("aé€😀");
  assert.equal(frame.text, "aé€😀");
  assert.deepEqual(
    [...frame.bytes],
    [
      ...[0x61], // a
      ...[0xc3, 0xa9], // é
      ...[0xe2, 0x82, 0xac], // €
      ...[0xf0, 0x9f, 0x98, 0x80], // 😀
    ],
  );
});

test("Frame of bytes is a binary message and copies nothing", () => {
  const bytes = new Uint8Array([0xff, 0x00]);
  const frame = new Frame(bytes);
  assert.equal(frame.text, undefined);
  assert.equal(frame.bytes, bytes);
});

test("Frame keeps its origin and leaves the wire form to the transport", () => {
  const origin = { id: "lobby", slowConsumer: "disconnect" } as const;
  const frame = new Frame("a", origin);
  assert.equal(frame.origin, origin);
  assert.equal(frame.wire, undefined);
  assert.equal(new Frame("a").origin, undefined);
});
