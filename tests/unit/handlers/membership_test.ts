import assert from "node:assert/strict";
import { test } from "node:test";
import { HUBBUB_V1_JSON } from "../../../src/protocol/dialects.ts";
import { errorText, exchange, NOW, textsOf } from "../../fakes/exchange.ts";
import { FakeConn } from "../../fakes/fake_conn.ts";
import { ROOM_DEFAULTS, TestHub } from "../../fakes/test_hub.ts";

const JOIN =
  '{"message_id":1,"message_type":"join_room","data":{"room_id":"lobby"}}';
const LEAVE =
  '{"message_id":2,"message_type":"leave_room","data":{"room_id":"lobby"}}';

test("join_room answers room_joined, and tells the others", () => {
  const hub = new TestHub();
  const [ann, bob] = [hub.connect("ann"), hub.connect("bob")];
  assert.deepEqual(exchange(hub, ann, JOIN), [
    `{"message_id":0,"message_type":"room_joined","request_id":1,"data":{"room_id":"lobby","status":"joined","member_count":1},"timestamp":${NOW}}`,
  ]);
  assert.deepEqual(exchange(hub, bob, JOIN), [
    `{"message_id":0,"message_type":"room_joined","request_id":1,"data":{"room_id":"lobby","status":"joined","member_count":2},"timestamp":${NOW}}`,
  ]);
  assert.deepEqual(textsOf(ann.conn), [
    `{"message_id":0,"message_type":"member_joined","data":{"room_id":"lobby","client_id":"bob"},"timestamp":${NOW}}`,
  ]);
});

test("join_room speaks the subprotocol, several messages in one frame", () => {
  const hub = new TestHub();
  const ann = hub.connect("ann", { dialect: HUBBUB_V1_JSON });
  hub.send(ann, `${JOIN}\n${LEAVE}`);
  assert.deepEqual(ann.conn.texts, [
    `{"message_id":0,"message_type":"room_joined","request_id":1,"data":{"room_id":"lobby","status":"joined","member_count":1},"timestamp":${NOW}}
{"message_id":0,"message_type":"room_left","request_id":2,"data":{"room_id":"lobby","status":"left"},"timestamp":${NOW}}`,
  ]);
});

test("join_room counts a client of two connections once, and tells nobody of the second", () => {
  const hub = new TestHub();
  const ann = hub.connect("ann");
  const [phone, laptop] = [hub.connect("bob"), hub.connect("bob")];
  hub.join("lobby", ann, phone);
  ann.conn.clear();
  assert.deepEqual(exchange(hub, laptop, JOIN), [
    `{"message_id":0,"message_type":"room_joined","request_id":1,"data":{"room_id":"lobby","status":"joined","member_count":2},"timestamp":${NOW}}`,
  ]);
  assert.deepEqual(textsOf(ann.conn), []);
});

test("join_room answers 3004 to who is in already, 3002 where the room is full, 3000 where it may not make one", () => {
  const hub = new TestHub({
    namespaces: new Map([
      ["small", { ...ROOM_DEFAULTS, maxClients: 1 }],
      ["closed", { ...ROOM_DEFAULTS, autoCreate: false }],
    ]),
  });
  const [ann, bob] = [hub.connect("ann"), hub.connect("bob")];
  hub.join("lobby", ann);
  hub.join("small:1", ann);
  assert.deepEqual(
    exchange(
      hub,
      ann,
      JOIN,
      '{"message_id":2,"message_type":"join_room","data":{"room_id":"closed:1"}}',
    ),
    [
      errorText(3004, { message: "client already in room", requestId: 1 }),
      errorText(3000, { message: "room not found", requestId: 2 }),
    ],
  );
  assert.deepEqual(
    exchange(
      hub,
      bob,
      '{"message_id":3,"message_type":"join_room","data":{"room_id":"small:1"}}',
    ),
    [
      errorText(3002, {
        message: "room is full",
        requestId: 3,
        details: '{"max_clients":1}',
      }),
    ],
  );
});

test("join_room answers 4003 beyond the rooms of a connection and of the node", () => {
  const hub = new TestHub({ roomsPerConnection: 1, maxRooms: 1 });
  const [ann, bob] = [hub.connect("ann"), hub.connect("bob")];
  hub.join("lobby", ann);
  const join =
    '{"message_id":1,"message_type":"join_room","data":{"room_id":"more"}}';
  const message = "too many rooms or connections";
  assert.deepEqual(exchange(hub, ann, join), [
    errorText(4003, {
      message,
      requestId: 1,
      details: '{"rooms_per_connection":1}',
    }),
  ]);
  assert.deepEqual(exchange(hub, bob, join), [
    errorText(4003, { message, requestId: 1, details: '{"max_rooms":1}' }),
  ]);
});

test("leave_room answers room_left, and tells the others", () => {
  const hub = new TestHub();
  const [ann, bob] = [hub.connect("ann"), hub.connect("bob")];
  hub.join("lobby", ann, bob);
  ann.conn.clear();
  assert.deepEqual(exchange(hub, bob, LEAVE), [
    `{"message_id":0,"message_type":"room_left","request_id":2,"data":{"room_id":"lobby","status":"left"},"timestamp":${NOW}}`,
  ]);
  assert.deepEqual(textsOf(ann.conn), [
    `{"message_id":0,"message_type":"member_left","data":{"room_id":"lobby","client_id":"bob","reason":"left"},"timestamp":${NOW}}`,
  ]);
});

test("leave_room answers 3003 to who is not in the room, also where another connection of the client is, and 3000 without one", () => {
  const hub = new TestHub();
  const [phone, laptop] = [hub.connect("bob"), hub.connect("bob")];
  assert.deepEqual(exchange(hub, laptop, LEAVE), [
    errorText(3000, { message: "room not found", requestId: 2 }),
  ]);
  hub.join("lobby", phone);
  assert.deepEqual(exchange(hub, laptop, LEAVE), [
    errorText(3003, { message: "client not in room", requestId: 2 }),
  ]);
  assert.equal(hub.hub.rooms.get("lobby").memberCount, 1);
});

test("room_members pages through the clients of a room", () => {
  const hub = new TestHub();
  const bob = hub.connectBy(new FakeConn(), {
    clientId: "bob",
    userId: "bob",
    username: "Bob",
  });
  const [ann, tab] = [hub.connect("ann"), hub.connect("ann")];
  hub.join("lobby", bob, ann, tab);
  const outsider = hub.connect("carl");
  assert.deepEqual(
    exchange(
      hub,
      outsider,
      '{"message_id":1,"message_type":"room_members","data":{"room_id":"lobby","limit":1}}',
      '{"message_id":2,"message_type":"room_members","data":{"room_id":"lobby","cursor":"ann"}}',
      '{"message_id":3,"message_type":"room_members","data":{"room_id":"none"}}',
    ),
    [
      `{"message_id":0,"message_type":"room_members","request_id":1,"data":{"room_id":"lobby","members":[{"client_id":"ann","joined_at":${NOW}}],"count":2,"next_cursor":"ann"},"timestamp":${NOW}}`,
      `{"message_id":0,"message_type":"room_members","request_id":2,"data":{"room_id":"lobby","members":[{"client_id":"bob","user_id":"bob","username":"Bob","joined_at":${NOW}}],"count":2},"timestamp":${NOW}}`,
      errorText(3000, { message: "room not found", requestId: 3 }),
    ],
  );
});
