import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isStampAt,
  senderAt,
  sentUsAt,
  sequenceAt,
  type Stamp,
  STAMP_BYTES,
  writeStamp,
} from "../../../../bench/load/stamp.ts";

const decoder = new TextDecoder();

function written(stamp: Stamp): Uint8Array {
  const bytes = new Uint8Array(STAMP_BYTES + 6).fill(32);
  writeStamp(bytes, { ...stamp, at: 3 });
  return bytes;
}

test("writeStamp() gives back what was written, up to the largest of each", () => {
  const stamps: Stamp[] = [
    { sender: 0, sequence: 0, sentUs: 0 },
    { sender: 99, sequence: 1_234_567, sentUs: 12_345_678_901 },
    { sender: 2 ** 15 - 1, sequence: 2 ** 25 - 1, sentUs: 2 ** 35 - 1 },
    { sender: 2 ** 14, sequence: 2 ** 24, sentUs: 2 ** 34 + 2 ** 20 },
  ];
  for (const stamp of stamps) {
    const bytes = written(stamp);
    assert.ok(isStampAt(bytes, 3));
    assert.equal(senderAt(bytes, 3), stamp.sender);
    assert.equal(sequenceAt(bytes, 3), stamp.sequence);
    assert.equal(sentUsAt(bytes, 3), stamp.sentUs);
  }
});

test("writeStamp() takes whole microseconds of a finer time", () => {
  const bytes = written({ sender: 1, sequence: 1, sentUs: 1_048_575.9 });
  assert.equal(sentUsAt(bytes, 3), 1_048_575);
});

test("writeStamp() writes what JSON leaves as it is, and no byte more", () => {
  for (let i = 0; i < 32; i++) {
    const digit = i * (1 + 32 + 32 ** 2);
    const bytes = written({ sender: digit, sequence: digit, sentUs: digit });
    const text = decoder.decode(bytes);
    assert.equal(JSON.stringify(text), `"${text}"`);
    assert.equal(text.length, text.trim().length + 6);
  }
});

test("isStampAt() wants both marks", () => {
  const bytes = new TextEncoder().encode("a~b~~c");
  assert.ok(!isStampAt(bytes, 1));
  assert.ok(isStampAt(bytes, 3));
  assert.ok(!isStampAt(bytes, 4));
  assert.ok(!isStampAt(bytes, 5));
});
