import assert from "node:assert/strict";
import { test } from "node:test";
import { HubError } from "../../../src/errors.ts";
import type { MessageId } from "../../../src/protocol/message.ts";
import { jsonCodec } from "../../../src/protocol/json_codec.ts";

function encode(data: unknown, requestId?: MessageId): string | undefined {
  return jsonCodec.encode({ type: "t", data, requestId }, { timestamp: 5 })
    .text;
}

/** The error number and request id of a message that was refused. */
function refusalOf(payload: string | Uint8Array) {
  const parsed = jsonCodec.decode(payload);
  if (parsed.type !== "invalid") throw new Error("Accepted");
  return { code: parsed.error.spec.code, requestId: parsed.requestId };
}

function bytes(...parts: (string | number)[]): Uint8Array {
  return new Uint8Array(
    parts.flatMap((part) =>
      typeof part === "number" ? [part] : [...new TextEncoder().encode(part)]
    ),
  );
}

test("encode() writes a push without a request id", () => {
  assert.equal(
    encode({ a: 1 }),
    '{"message_id":0,"message_type":"t","data":{"a":1},"timestamp":5}',
  );
});

test("encode() writes the request id of a reply as it was given", () => {
  assert.equal(
    encode({}, 9_007_199_254_740_991),
    '{"message_id":0,"message_type":"t","request_id":9007199254740991,"data":{},"timestamp":5}',
  );
  assert.equal(
    encode({}, 0),
    '{"message_id":0,"message_type":"t","request_id":0,"data":{},"timestamp":5}',
  );
  assert.equal(
    encode({}, '"\n\ud800'),
    '{"message_id":0,"message_type":"t","request_id":"\\"\\n\\ud800","data":{},"timestamp":5}',
  );
});

test("encode() writes null for what JSON has no word for", () => {
  for (const data of [undefined, NaN, Infinity, () => 1, Symbol("a"), null]) {
    assert.equal(
      encode(data),
      '{"message_id":0,"message_type":"t","data":null,"timestamp":5}',
    );
  }
});

test("encode() escapes a lone surrogate and line ends, so that a frame is UTF-8 and one line", () => {
  assert.equal(
    encode("\ud800\n\u2028"),
    '{"message_id":0,"message_type":"t","data":"\\ud800\\n\u2028","timestamp":5}',
  );
});

test("encode() lets no message type break the envelope", () => {
  assert.equal(
    jsonCodec.encode(
      { type: 'a","data":"x', data: null },
      { timestamp: 5 },
    ).text,
    '{"message_id":0,"message_type":"a\\",\\"data\\":\\"x","data":null,"timestamp":5}',
  );
});

test("encode() gives the frame its origin", () => {
  const origin = { id: "lobby", slowConsumer: "disconnect" } as const;
  const frame = jsonCodec.encode(
    { type: "t", data: null },
    { timestamp: 5, origin },
  );
  assert.equal(frame.origin, origin);
});

test("encode() throws INVALID_FORMAT for what cannot be written down", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const hostile = {
    toJSON() {
      throw new Error("no");
    },
  };
  for (const data of [1n, { a: [1n] }, circle, hostile]) {
    assert.throws(
      () => encode(data),
      (error) =>
        error instanceof HubError && error.kind === "INVALID_FORMAT" &&
        error.cause instanceof Error,
    );
  }
});

test("encode() survives data nested 100,000 deep", () => {
  let data: unknown = 0;
  for (let i = 0; i < 100_000; i++) data = [data];
  try {
    assert.equal(typeof encode(data), "string");
  } catch (error) {
    assert.ok(error instanceof HubError, String(error));
    assert.equal(error.kind, "INVALID_FORMAT");
  }
  assert.equal(
    encode(1),
    '{"message_id":0,"message_type":"t","data":1,"timestamp":5}',
  );
});

test("decode() survives input nested 100,000 deep", () => {
  const depth = 100_000;
  for (
    const data of [
      "[".repeat(depth) + "]".repeat(depth),
      '{"a":'.repeat(depth) + "1" + "}".repeat(depth),
    ]
  ) {
    const text = `{"message_id":1,"message_type":"t","data":${data}}`;
    const parsed = jsonCodec.decode(text);
    assert.ok(
      parsed.type === "message" || parsed.error.kind === "INVALID_FORMAT",
    );
    assert.equal(refusalOf("[".repeat(depth)).code, 1001);
  }
});

test("decode() reads text and bytes alike", () => {
  const text = '{"message_id":1,"message_type":"t","data":"é😀"}';
  const message = { messageId: 1, type: "t", data: "é😀" };
  assert.deepEqual(jsonCodec.decode(text), { type: "message", message });
  assert.deepEqual(jsonCodec.decode(bytes(text)), {
    type: "message",
    message,
  });
});

test("decode() answers 1001 to what is no JSON", () => {
  for (
    const text of [
      "",
      " ",
      "{",
      "{'message_type':'ping'}",
      '{"message_type":"ping"}x',
      '{"message_type":"ping"}{"message_type":"ping"}',
      '{"message_type":"ping",}',
      "undefined",
      "NaN",
      '"\n"',
      '{"data":"\\x"}',
    ]
  ) {
    assert.deepEqual(refusalOf(text), { code: 1001, requestId: undefined });
    assert.equal(refusalOf(bytes(text)).code, 1001);
  }
});

test("decode() answers 1001 to bytes that are no UTF-8, and reads the next ones", () => {
  const malformed = [
    [0xff], // never in UTF-8
    [0xc0, 0xaf], // overlong
    [0xed, 0xa0, 0x80], // a surrogate
    [0xe2, 0x82], // cut off
    [0xf5, 0x80, 0x80, 0x80], // beyond U+10FFFF
  ];
  for (const part of malformed) {
    const payload = bytes('{"message_type":"t","data":"', ...part, '"}');
    assert.equal(refusalOf(payload).code, 1001);
    assert.equal(
      jsonCodec.decode(bytes('{"message_type":"t"}')).type,
      "message",
    );
  }
});

test("decode() shows the peer no text of the parser", () => {
  const parsed = jsonCodec.decode("{secret");
  assert.ok(parsed.type === "invalid");
  assert.equal(
    parsed.error.details,
    "a message must be valid JSON in UTF-8",
  );
});

test("decode() and encode() keep prototype keys as plain data and change no prototype", () => {
  const data =
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toJSON":"x"}';
  const parsed = jsonCodec.decode(`{"message_type":"t","data":${data}}`);
  assert.ok(parsed.type === "message");
  assert.equal(
    encode(parsed.message.data),
    `{"message_id":0,"message_type":"t","data":${data},"timestamp":5}`,
  );
  assert.equal("polluted" in {}, false);
});

test("decode() reads huge numbers as JSON does", () => {
  const parsed = jsonCodec.decode(
    '{"message_type":"t","data":[1e308,1e999,-0,12345678901234567890]}',
  );
  assert.ok(parsed.type === "message");
  assert.equal(
    encode(parsed.message.data),
    '{"message_id":0,"message_type":"t","data":[1e+308,null,0,12345678901234567000],"timestamp":5}',
  );
});
