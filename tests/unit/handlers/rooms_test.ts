import assert from "node:assert/strict";
import { test } from "node:test";
import { errorText, exchange, NOW, textsOf } from "../../fakes/exchange.ts";
import { TestHub } from "../../fakes/test_hub.ts";

test("create_room answers room_created with what the room is like", () => {
  const hub = new TestHub();
  const ann = hub.connect("ann");
  assert.deepEqual(
    exchange(
      hub,
      ann,
      '{"message_id":1,"message_type":"create_room","data":{"room_id":"chat:1","name":"Chat ❤","max_clients":5}}',
      '{"message_id":2,"message_type":"create_room","data":{"room_id":"lobby"}}',
    ),
    [
      `{"message_id":0,"message_type":"room_created","request_id":1,"data":{"room_id":"chat:1","name":"Chat ❤","max_clients":5},"timestamp":${NOW}}`,
      `{"message_id":0,"message_type":"room_created","request_id":2,"data":{"room_id":"lobby","name":"lobby","max_clients":0},"timestamp":${NOW}}`,
    ],
  );
  assert.equal(hub.hub.rooms.get("lobby").memberCount, 0);
});

test("create_room answers 3001 for a room that exists", () => {
  const hub = new TestHub();
  const create =
    '{"message_id":1,"message_type":"create_room","data":{"room_id":"a"}}';
  assert.equal(
    exchange(hub, hub.connect("ann"), create, create)[1],
    errorText(3001, { message: "room already exists", requestId: 1 }),
  );
});

test("room_id that can be none is answered with 3005 by every message about a room", () => {
  const hub = new TestHub();
  const ann = hub.connect("ann");
  for (
    const [type, more] of [
      ["create_room", ""],
      ["delete_room", ""],
      ["join_room", ""],
      ["leave_room", ""],
      ["room_members", ""],
      ["room_message", ',"content":1'],
    ]
  ) {
    for (const id of ["a b", "ü", "x".repeat(129), "a\\n"]) {
      assert.deepEqual(
        exchange(
          hub,
          ann,
          `{"message_id":1,"message_type":"${type}","data":{"room_id":"${id}"${more}}}`,
        ),
        [errorText(3005, { message: "invalid room id", requestId: 1 })],
        `${type} ${id}`,
      );
    }
  }
  assert.equal(hub.hub.rooms.count, 0);
  assert.equal(hub.hub.counters.invalidMessages, 0);
});

test("room_id that is missing or no string is answered with 1001 by every message about a room", () => {
  for (
    const type of [
      "create_room",
      "delete_room",
      "join_room",
      "leave_room",
      "room_members",
      "room_message",
    ]
  ) {
    const hub = new TestHub();
    const ann = hub.connect("ann");
    for (
      const data of ["{}", "null", '{"room_id":7}', '{"room_id":["a"]}', "[]"]
    ) {
      const [answer = ""] = exchange(
        hub,
        ann,
        `{"message_id":1,"message_type":"${type}","data":${data}}`,
      );
      assert.ok(answer.includes('"data":{"code":1001,'), `${type} ${data}`);
    }
    assert.equal(hub.hub.counters.invalidMessages, 5);
    assert.equal(hub.hub.rooms.count, 0);
  }
});

test("create_room answers 1001 for a name or a limit that does not fit", () => {
  const hub = new TestHub({ invalidPerMinute: 0 });
  const ann = hub.connect("ann");
  for (
    const [field, value] of [
      ["name", '""'],
      ["name", "7"],
      ["name", `"${"x".repeat(257)}"`],
      ["max_clients", "-1"],
      ["max_clients", "1.5"],
      ["max_clients", "1e300"],
      ["max_clients", '"5"'],
    ]
  ) {
    const [answer = ""] = exchange(
      hub,
      ann,
      `{"message_id":1,"message_type":"create_room","data":{"room_id":"a","${field}":${value}}}`,
    );
    assert.ok(answer.includes('"code":1001'), `${field} ${value}`);
    assert.ok(answer.includes(`"field":"${field}"`), answer);
  }
  assert.equal(hub.hub.rooms.count, 0);
});

test("create_room answers 4003 beyond the limit of rooms", () => {
  const hub = new TestHub({ maxRooms: 1 });
  assert.equal(
    exchange(
      hub,
      hub.connect("ann"),
      '{"message_id":1,"message_type":"create_room","data":{"room_id":"a"}}',
      '{"message_id":2,"message_type":"create_room","data":{"room_id":"b"}}',
    )[1],
    errorText(4003, {
      message: "too many rooms or connections",
      requestId: 2,
      details: '{"max_rooms":1}',
    }),
  );
});

test("delete_room answers its sender once, and tells every other member", () => {
  const hub = new TestHub();
  const [ann, bob] = [hub.connect("ann"), hub.connect("bob")];
  const outsider = hub.connect("carl");
  hub.join("lobby", ann, bob);
  assert.deepEqual(
    exchange(
      hub,
      ann,
      '{"message_id":1,"message_type":"delete_room","data":{"room_id":"lobby"}}',
      '{"message_id":2,"message_type":"delete_room","data":{"room_id":"lobby"}}',
    ),
    [
      `{"message_id":0,"message_type":"room_deleted","request_id":1,"data":{"room_id":"lobby"},"timestamp":${NOW}}`,
      errorText(3000, { message: "room not found", requestId: 2 }),
    ],
  );
  assert.deepEqual(textsOf(bob.conn), [
    `{"message_id":0,"message_type":"room_deleted","data":{"room_id":"lobby"},"timestamp":${NOW}}`,
  ]);
  assert.deepEqual(textsOf(outsider.conn), []);
});

test("list_rooms pages through all rooms by id", () => {
  const hub = new TestHub();
  const ann = hub.connect("ann");
  for (const id of ["b", "a", "c"]) hub.hub.rooms.create({ id, maxClients: 2 });
  hub.join("a", ann);
  assert.deepEqual(
    exchange(
      hub,
      ann,
      '{"message_id":1,"message_type":"list_rooms","data":{"limit":2}}',
      '{"message_id":2,"message_type":"list_rooms","data":{"limit":2,"cursor":"b"}}',
      '{"message_id":3,"message_type":"list_rooms","data":{"cursor":"z"}}',
    ),
    [
      `{"message_id":0,"message_type":"rooms","request_id":1,"data":{"rooms":[{"room_id":"a","name":"a","member_count":1,"max_clients":2},{"room_id":"b","name":"b","member_count":0,"max_clients":2}],"next_cursor":"b"},"timestamp":${NOW}}`,
      `{"message_id":0,"message_type":"rooms","request_id":2,"data":{"rooms":[{"room_id":"c","name":"c","member_count":0,"max_clients":2}]},"timestamp":${NOW}}`,
      `{"message_id":0,"message_type":"rooms","request_id":3,"data":{"rooms":[]},"timestamp":${NOW}}`,
    ],
  );
});

test("list_rooms shows 100 rooms without a limit, and takes one from 1 to 1,000", () => {
  const hub = new TestHub();
  const ann = hub.connect("ann");
  for (let i = 0; i < 101; i++) hub.hub.rooms.create({ id: `r${i}` });
  const [answer = ""] = exchange(hub, ann, '{"message_type":"list_rooms"}');
  assert.equal(answer.split('"room_id"').length - 1, 100);
  assert.ok(answer.includes('"next_cursor":"r98"'));
  for (const limit of ["0", "1001", "-1", "1.5", '"1"', "null"]) {
    const [error = ""] = exchange(
      hub,
      ann,
      `{"message_type":"list_rooms","data":{"limit":${limit}}}`,
    );
    assert.ok(error.includes('"code":1001'), limit);
  }
});

test("registerHandlers() has every message but ping ask for its permission", () => {
  const hub = new TestHub({ anonymousPermissions: new Set() });
  const ann = hub.connect("ann");
  hub.hub.rooms.create({ id: "a" });
  for (
    const [type, permission] of [
      ["create_room", "create:room"],
      ["delete_room", "delete:room"],
      ["list_rooms", "read:presence"],
      ["join_room", "join:room"],
      ["leave_room", "leave:room"],
      ["room_members", "read:presence"],
      ["room_message", "send:message"],
      ["direct_message", "direct:message"],
      ["broadcast", "broadcast:message"],
    ]
  ) {
    assert.deepEqual(
      exchange(
        hub,
        ann,
        `{"message_id":1,"message_type":"${type}","data":{"room_id":"a","target_id":"ann","content":1}}`,
      ),
      [
        errorText(2001, {
          message: "forbidden",
          requestId: 1,
          details: `{"permission":"${permission}"}`,
        }),
      ],
    );
  }
  assert.deepEqual([...hub.hub.rooms.ids()], ["a"]);
});
