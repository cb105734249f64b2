import assert from "node:assert/strict";
import { test } from "node:test";
import { HUBBUB_V1_JSON, PLAIN } from "../../../src/protocol/dialects.ts";
import { exchange } from "../../fakes/exchange.ts";
import { TestHub } from "../../fakes/test_hub.ts";

test("ping is answered with pong, in both dialects", () => {
  for (const dialect of [PLAIN, HUBBUB_V1_JSON]) {
    const hub = new TestHub();
    const ann = hub.connect("ann", { dialect });
    assert.deepEqual(
      exchange(
        hub,
        ann,
        '{"message_id":1,"message_type":"ping","data":{"ts":1699999999900}}',
      ),
      [
        '{"message_id":0,"message_type":"pong","request_id":1,"data":{"ts":1699999999900,"server_ts":1700000000000,"rtt":100},"timestamp":1700000000000}',
      ],
    );
  }
});

test("ping without ts, data or id is answered without them", () => {
  const hub = new TestHub();
  const ann = hub.connect("ann");
  const pong =
    '{"message_id":0,"message_type":"pong","data":{"server_ts":1700000000000},"timestamp":1700000000000}';
  assert.deepEqual(
    exchange(
      hub,
      ann,
      '{"message_type":"ping"}',
      '{"message_type":"ping","data":{}}',
    ),
    [pong, pong],
  );
});

test("ping of a client whose clock is ahead has a negative rtt", () => {
  const hub = new TestHub();
  assert.deepEqual(
    exchange(
      hub,
      hub.connect("ann"),
      '{"message_type":"ping","data":{"ts":1700000000001.5}}',
    ),
    [
      '{"message_id":0,"message_type":"pong","data":{"ts":1700000000001.5,"server_ts":1700000000000,"rtt":-1.5},"timestamp":1700000000000}',
    ],
  );
});

test("ping with a ts that is no number is answered with 1001", () => {
  const hub = new TestHub();
  const ann = hub.connect("ann");
  for (const ts of ['"1"', "null", "[]", "1e999"]) {
    const [answer = ""] = exchange(
      hub,
      ann,
      `{"message_id":1,"message_type":"ping","data":{"ts":${ts}}}`,
    );
    assert.ok(
      answer.startsWith(
        '{"message_id":0,"message_type":"error","request_id":1,"data":{"code":1001,"message":"invalid format","request_id":1,"details":[{"field":"ts","problem":"',
      ),
      `${ts}: ${answer}`,
    );
  }
});

test("pong, the answer to the server's own ping, is answered with nothing", () => {
  const hub = new TestHub();
  assert.deepEqual(
    exchange(
      hub,
      hub.connect("ann", { dialect: HUBBUB_V1_JSON }),
      '{"message_id":1,"message_type":"pong","data":{"ts":1700000000000}}',
      '{"message_type":"pong","data":{"ts":1,"server_ts":2,"rtt":1}}',
      '{"message_type":"pong"}',
    ),
    [],
  );
});
