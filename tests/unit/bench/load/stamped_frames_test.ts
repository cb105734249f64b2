import assert from "node:assert/strict";
import { test } from "node:test";
import { dialectOf } from "../../../../bench/load/dialects.ts";
import {
  senderAt,
  sequenceAt,
  STAMP_BYTES,
} from "../../../../bench/load/stamp.ts";
import {
  blankContent,
  StampedFrames,
} from "../../../../bench/load/stamped_frames.ts";

const MEMBER = { index: 1, clientId: "c000001", room: "r000001" };
const MASKED_HEADER_BYTES = 8;

function payloadOf(frame: Uint8Array): string {
  return new TextDecoder().decode(frame.subarray(MASKED_HEADER_BYTES));
}

test("blankContent() has the size asked for, and room for a stamp at least", () => {
  assert.equal(blankContent(128).length, 128);
  assert.equal(blankContent(0).length, STAMP_BYTES);
});

test("StampedFrames are masked text frames, each with its own stamp", () => {
  const message = dialectOf("plain").roomMessage(MEMBER, blankContent(128));
  const frames = new StampedFrames(message, 3);
  for (const copy of [0, 1, 2]) {
    frames.stamp(copy, { sender: 5, sequence: 100 + copy, sentUs: 1 });
  }
  const all = frames.first(3);
  const size = all.length / 3;
  for (const copy of [0, 1, 2]) {
    const frame = all.subarray(copy * size, (copy + 1) * size);
    // FIN and text; masked, 16 bits of length; a zero key.
    assert.deepEqual([...frame.subarray(0, 2)], [0x81, 0x80 | 126]);
    assert.equal((frame[2] ?? 0) * 256 + (frame[3] ?? 0), message.length);
    assert.deepEqual([...frame.subarray(4, 8)], [0, 0, 0, 0]);
    const at = frame.indexOf(126, MASKED_HEADER_BYTES);
    assert.equal(sequenceAt(frame, at), 100 + copy);
    assert.equal(senderAt(frame, at), 5);
  }
  assert.equal(frames.first(1).length, size);
});

test("StampedFrames leave the message valid JSON of the same shape", () => {
  for (const name of ["plain", "hubbub.v1.json", "relay"] as const) {
    const message = dialectOf(name).roomMessage(MEMBER, blankContent(128));
    const frames = new StampedFrames(message, 1);
    frames.stamp(0, { sender: 31, sequence: 2 ** 25 - 1, sentUs: 2 ** 35 - 1 });
    const sent = JSON.parse(payloadOf(frames.first(1)));
    const { data } = JSON.parse(message);
    assert.deepEqual(
      { ...sent.data, content: data.content },
      data,
    );
    assert.equal(sent.data.content.length, 128);
  }
});

test("StampedFrames refuse a message without a place for a stamp", () => {
  assert.throws(() => new StampedFrames("no mark", 1), /Cannot stamp/);
});
