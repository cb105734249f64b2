import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isClientId,
  isMessageId,
  isMessageType,
  isRoomId,
  namespaceOf,
} from "../../../src/protocol/message.ts";

test("isRoomId() takes 1 to 128 of its alphabet and nothing else", () => {
  for (const id of ["a", "chat:lobby", "A-z_0.9", "x".repeat(128)]) {
    assert.ok(isRoomId(id), id);
  }
  for (
    const id of ["", "x".repeat(129), "a b", "a/b", "a@b", "é", "a\n", "\u0000"]
  ) {
    assert.ok(!isRoomId(id), JSON.stringify(id));
  }
});

test("isClientId() takes an address too, and no line end", () => {
  for (const id of ["a", "ann@example.com", "x".repeat(128)]) {
    assert.ok(isClientId(id), id);
  }
  for (const id of ["", "x".repeat(129), "a b", "a\n", "<a>"]) {
    assert.ok(!isClientId(id), JSON.stringify(id));
  }
});

test("isMessageType() takes 1 to 64 of its alphabet and nothing else", () => {
  for (const type of ["ping", "my.type:v1-a_b", "x".repeat(64)]) {
    assert.ok(isMessageType(type), type);
  }
  for (
    const type of ["", "x".repeat(65), "a b", 'a"b', "a\n", 1, null, undefined]
  ) {
    assert.ok(!isMessageType(type), String(type));
  }
});

test("isMessageId() takes integers to 2^53-1 and strings to 64 characters", () => {
  for (
    const id of [0, 1, 9_007_199_254_740_991, "a", "é", "x".repeat(64)]
  ) {
    assert.ok(isMessageId(id), String(id));
  }
  for (
    const id of [
      -1,
      0.5,
      9_007_199_254_740_992,
      NaN,
      Infinity,
      "",
      "x".repeat(65),
      null,
      true,
      undefined,
      [],
      {},
    ]
  ) {
    assert.ok(!isMessageId(id), String(id));
  }
});

test("namespaceOf() is what stands before the first colon, else default", () => {
  assert.equal(namespaceOf("chat:lobby"), "chat");
  assert.equal(namespaceOf("chat:a:b"), "chat");
  assert.equal(namespaceOf("chat:"), "chat");
  assert.equal(namespaceOf("lobby"), "default");
  assert.equal(namespaceOf(":lobby"), "default");
});
