import assert from "node:assert/strict";
import { test } from "node:test";
import { dialectOf } from "../../../../bench/load/dialects.ts";
import { blankContent } from "../../../../bench/load/stamped_frames.ts";
import { roomMessage } from "../../../../src/hub/messages.ts";
import { jsonCodec } from "../../../../src/protocol/json_codec.ts";

const MEMBER = { index: 7, clientId: "c000007", room: "r000001" };

test("the relay's dialect sends just as many bytes as the hub makes of the same message", () => {
  const content = blankContent(128);
  const timestamp = Date.now();
  const message = roomMessage(MEMBER.room, {
    content,
    senderId: MEMBER.clientId,
    timestamp,
  });
  const { text } = jsonCodec.encode(message, { timestamp });
  const relayed = dialectOf("relay").roomMessage(MEMBER, content);
  assert.equal(relayed.length, text?.length);
});

test("the hub's dialect waits for its own join, and fails on an error", () => {
  const dialect = dialectOf("plain");
  const types = {
    '{"message_id":0,"message_type":"room_joined","data":{}}': "joined",
    '{"message_id":0,"message_type":"member_joined","data":{}}': "nothing",
    '{"message_id":0,"message_type":"error","data":{"code":3002}}': "failed",
  };
  for (const [text, type] of Object.entries(types)) {
    assert.equal(dialect.react(text, MEMBER).type, type);
  }
});

test("the hub's dialect answers a ping of the hub, as the protocol has it", () => {
  const ping =
    '{"message_id":0,"message_type":"ping","data":{"ts":1},"timestamp":1}';
  const reaction = dialectOf("hubbub.v1.json").react(ping, MEMBER);
  assert.ok(reaction.type === "say");
  const parsed = jsonCodec.decode(reaction.text);
  assert.ok(parsed.type === "message");
  assert.equal(parsed.message.type, "pong");
});

test("the Socket.IO dialect goes through its handshake and answers pings", () => {
  const dialect = dialectOf("socket.io");
  assert.equal(dialect.hello(MEMBER), "40");
  assert.equal(dialect.react('0{"sid":"a"}', MEMBER).type, "nothing");
  assert.deepEqual(dialect.react('40{"sid":"b"}', MEMBER), {
    type: "say",
    text: '42["join_room",{"room_id":"r000001"}]',
  });
  assert.equal(dialect.react('42["room_joined",{}]', MEMBER).type, "joined");
  assert.deepEqual(dialect.react("2", MEMBER), { type: "say", text: "3" });
  assert.equal(dialect.react('44{"message":"x"}', MEMBER).type, "failed");
});
