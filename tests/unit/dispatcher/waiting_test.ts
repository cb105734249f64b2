import assert from "node:assert/strict";
import { test } from "node:test";
import { Waiting } from "../../../src/dispatcher/waiting.ts";

test("Waiting gives messages back in order and counts what they take", () => {
  const waiting = new Waiting();
  waiting.push("abc");
  waiting.push(new Uint8Array([1, 2]));
  waiting.push("");
  assert.equal(waiting.bytes, 3 + 2 + 3 * 128);
  assert.equal(waiting.shift(), "abc");
  assert.equal(waiting.bytes, 2 + 2 * 128);
  assert.deepEqual(waiting.shift(), new Uint8Array([1, 2]));
  assert.equal(waiting.shift(), "");
  assert.equal(waiting.shift(), undefined);
  assert.equal(waiting.bytes, 0);
  waiting.push("d");
  assert.equal(waiting.shift(), "d");
});

test("Waiting copies bytes", () => {
  const waiting = new Waiting();
  const bytes = new Uint8Array([1]);
  waiting.push(bytes);
  bytes[0] = 9;
  assert.deepEqual(waiting.shift(), new Uint8Array([1]));
});

test("Waiting keeps the order while it is never empty for 100,000 messages", () => {
  const waiting = new Waiting();
  for (let i = 0; i < 100; i++) waiting.push(String(i));
  for (let i = 0; i < 100_000; i++) {
    waiting.push(String(i + 100));
    assert.equal(waiting.shift(), String(i));
  }
  assert.equal(waiting.bytes, 100 * (128 + 6));
});
