import assert from "node:assert/strict";
import { test } from "node:test";
import { HUBBUB_V1_JSON } from "../../../src/protocol/dialects.ts";
import { NOW } from "../../fakes/exchange.ts";
import { FakeConn, fieldsOf } from "../../fakes/fake_conn.ts";
import { TestHub } from "../../fakes/test_hub.ts";

test("registerHandlers() offers every message of the protocol that needs neither token nor log", () => {
  assert.deepEqual(new TestHub().dispatcher.types.toSorted(), [
    "broadcast",
    "create_room",
    "delete_room",
    "direct_message",
    "join_room",
    "leave_room",
    "list_rooms",
    "ping",
    "pong",
    "room_members",
    "room_message",
  ]);
});

test("welcome is the first message of a subprotocol client, literally", () => {
  const hub = new TestHub();
  const conn = new FakeConn();
  const { id } = hub.hub.connect({
    conn,
    dialect: HUBBUB_V1_JSON,
    identity: { clientId: "ann" },
  });
  hub.clock.tick();
  const [welcome = ""] = conn.texts;
  const { session } = fieldsOf(fieldsOf(JSON.parse(welcome))["data"]);
  assert.equal(
    welcome,
    `{"message_id":0,"message_type":"welcome","data":{"client_id":"ann","connection_id":"${id}","node_id":"node-1","ping_interval_ms":25000,"max_message_bytes":65536,"session":"${session}"},"timestamp":${NOW}}`,
  );
});

test("registerHandlers() answers both dialects alike, the subprotocol in one frame", () => {
  const frames = [
    '{"message_id":1,"message_type":"join_room","data":{"room_id":"a"}}',
    '{"message_id":"x","message_type":"room_message","data":{"room_id":"a","content":1}}',
    '{"message_id":3,"message_type":"none"}',
    "{",
  ];
  const plain = new TestHub();
  const ann = plain.connect("ann");
  for (const frame of frames) plain.send(ann, frame);
  const batched = new TestHub();
  const bob = batched.connect("ann", { dialect: HUBBUB_V1_JSON });
  batched.send(bob, frames.join("\n"));
  assert.equal(ann.conn.texts.length, 4);
  assert.deepEqual(bob.conn.texts, [ann.conn.texts.join("\n")]);
});
