import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEnvelope } from "../../../src/protocol/envelope.ts";

/** The error number and request id of a message that was refused. */
function refusalOf(json: string): { code: number; requestId: unknown } {
  const parsed = parseEnvelope(JSON.parse(json));
  if (parsed.type !== "invalid") throw new Error(`Accepted: ${json}`);
  return { code: parsed.error.spec.code, requestId: parsed.requestId };
}

function messageOf(json: string): unknown {
  const parsed = parseEnvelope(JSON.parse(json));
  if (parsed.type !== "message") throw new Error(`Refused: ${json}`);
  return parsed.message;
}

test("parseEnvelope() reads all fields", () => {
  assert.deepEqual(
    messageOf('{"message_id":7,"message_type":"ping","data":{"ts":1}}'),
    { messageId: 7, type: "ping", data: { ts: 1 } },
  );
});

test("parseEnvelope() does without message_id and data", () => {
  assert.deepEqual(
    messageOf('{"message_type":"ping"}'),
    { messageId: undefined, type: "ping", data: undefined },
  );
});

test("parseEnvelope() ignores request_id, timestamp and unknown fields, whatever they are", () => {
  assert.deepEqual(
    messageOf(
      '{"message_type":"ping","request_id":[],"timestamp":"x","more":{}}',
    ),
    { messageId: undefined, type: "ping", data: undefined },
  );
});

test("parseEnvelope() takes any JSON as data", () => {
  for (const data of ["null", "0", '""', "[]", "{}", "false", '"\\ud800"']) {
    assert.deepEqual(
      messageOf(`{"message_type":"a","data":${data}}`),
      { messageId: undefined, type: "a", data: JSON.parse(data) },
    );
  }
});

test("parseEnvelope() takes every form of message_id", () => {
  for (const id of ["0", "1", "9007199254740991", '"a"', '"ü"']) {
    assert.deepEqual(
      messageOf(`{"message_id":${id},"message_type":"a"}`),
      { messageId: JSON.parse(id), type: "a", data: undefined },
    );
  }
});

test("parseEnvelope() answers 1001 to what is no object", () => {
  for (const json of ["null", "1", '"ping"', "true", "[]", '[{"a":1}]']) {
    assert.deepEqual(refusalOf(json), { code: 1001, requestId: undefined });
    const parsed = parseEnvelope(JSON.parse(json));
    assert.ok(parsed.type === "invalid");
    assert.equal(parsed.error.details, "a message must be a JSON object");
  }
  assert.equal(parseEnvelope(undefined).type, "invalid");
});

test("parseEnvelope() answers 1002 to a malformed message_id, and does not echo it", () => {
  for (
    const id of [
      "null",
      "-1",
      "1.5",
      "9007199254740992",
      "1e999",
      "true",
      "[]",
      "{}",
      '""',
      `"${"x".repeat(65)}"`,
    ]
  ) {
    assert.deepEqual(
      refusalOf(`{"message_id":${id},"message_type":"ping"}`),
      { code: 1002, requestId: undefined },
      id,
    );
  }
});

test("parseEnvelope() answers 1001 to a missing or malformed message_type, with the id", () => {
  assert.deepEqual(refusalOf("{}"), { code: 1001, requestId: undefined });
  for (
    const type of [
      "null",
      "1",
      '""',
      '"a b"',
      '"a\\n"',
      '"a\\"b"',
      "[]",
      '["ping"]',
      "{}",
      `"${"x".repeat(65)}"`,
    ]
  ) {
    assert.deepEqual(
      refusalOf(`{"message_id":"m","message_type":${type}}`),
      { code: 1001, requestId: "m" },
      type,
    );
  }
});

test("parseEnvelope() does not take fields from a prototype key", () => {
  assert.deepEqual(
    refusalOf('{"__proto__":{"message_type":"ping","message_id":1}}'),
    { code: 1001, requestId: undefined },
  );
  assert.deepEqual(
    refusalOf('{"constructor":{"prototype":{"message_type":"ping"}}}'),
    { code: 1001, requestId: undefined },
  );
  assert.equal("message_type" in {}, false);
});
