import assert from "node:assert/strict";
import { test } from "node:test";
import { HUBBUB_V1_JSON } from "../../../src/protocol/dialects.ts";
import { errorText, exchange, NOW, textsOf } from "../../fakes/exchange.ts";
import { ROOM_DEFAULTS, TestHub } from "../../fakes/test_hub.ts";

/** A message to `lobby` with some JSON as content. */
function toRoom(content: string, id = '"message_id":1,'): string {
  return `{${id}"message_type":"room_message","data":{"room_id":"lobby","content":${content}}}`;
}

test("room_message reaches the other members, and its sender gets message_accepted", () => {
  const hub = new TestHub();
  const [ann, bob] = [hub.connect("ann"), hub.connect("bob")];
  const carl = hub.connect("carl", { dialect: HUBBUB_V1_JSON });
  const outsider = hub.connect("dora");
  hub.join("lobby", ann, bob, carl);
  bob.conn.clear();
  assert.deepEqual(exchange(hub, ann, toRoom('"hi"')), [
    `{"message_id":0,"message_type":"message_accepted","request_id":1,"data":{"room_id":"lobby"},"timestamp":${NOW}}`,
  ]);
  for (const { conn } of [bob, carl]) {
    assert.deepEqual(textsOf(conn), [
      `{"message_id":0,"message_type":"room_message","data":{"room_id":"lobby","content":"hi","sender_id":"ann","timestamp":${NOW}},"timestamp":${NOW}}`,
    ]);
  }
  assert.deepEqual(textsOf(outsider.conn), []);
});

test("room_message without an id is accepted in silence", () => {
  const hub = new TestHub();
  const [ann, bob] = [hub.connect("ann"), hub.connect("bob")];
  hub.join("lobby", ann, bob);
  assert.deepEqual(exchange(hub, ann, toRoom("1", "")), []);
  assert.equal(textsOf(bob.conn).length, 1);
});

test("room_message carries any JSON as it came, null and prototype keys included", () => {
  const hub = new TestHub();
  const [ann, bob] = [hub.connect("ann"), hub.connect("bob")];
  hub.join("lobby", ann, bob);
  for (
    const content of [
      "null",
      "0",
      '""',
      "[]",
      '{"__proto__":{"a":1},"b":[1,{"c":"\\ud800"}]}',
      "false",
    ]
  ) {
    exchange(hub, ann, toRoom(content));
    assert.deepEqual(textsOf(bob.conn), [
      `{"message_id":0,"message_type":"room_message","data":{"room_id":"lobby","content":${content},"sender_id":"ann","timestamp":${NOW}},"timestamp":${NOW}}`,
    ]);
  }
});

test("room_message goes back to the sending connection only with echo, and to its client's others always", () => {
  for (const echo of [false, true]) {
    const hub = new TestHub({ roomDefaults: { ...ROOM_DEFAULTS, echo } });
    const [ann, tab] = [hub.connect("ann"), hub.connect("ann")];
    hub.join("lobby", ann, tab);
    const message =
      `{"message_id":0,"message_type":"room_message","data":{"room_id":"lobby","content":1,"sender_id":"ann","timestamp":${NOW}},"timestamp":${NOW}}`;
    assert.deepEqual(
      exchange(hub, ann, toRoom("1", "")),
      echo ? [message] : [],
    );
    assert.deepEqual(textsOf(tab.conn), [message]);
  }
});

test("room_message answers 3003 to who is not in the room and 3000 without one", () => {
  const hub = new TestHub();
  const [ann, bob] = [hub.connect("ann"), hub.connect("bob")];
  assert.deepEqual(exchange(hub, ann, toRoom("1")), [
    errorText(3000, { message: "room not found", requestId: 1 }),
  ]);
  hub.join("lobby", bob);
  assert.deepEqual(exchange(hub, ann, toRoom("1")), [
    errorText(3003, { message: "client not in room", requestId: 1 }),
  ]);
  assert.deepEqual(textsOf(bob.conn), []);
});

test("room_message, direct_message and broadcast without content are answered with 1001", () => {
  const hub = new TestHub();
  const ann = hub.connect("ann");
  hub.join("lobby", ann);
  for (const type of ["room_message", "direct_message", "broadcast"]) {
    const [answer = ""] = exchange(
      hub,
      ann,
      `{"message_id":1,"message_type":"${type}","data":{"room_id":"lobby","target_id":"ann"}}`,
    );
    assert.ok(answer.includes('"code":1001'), answer);
    assert.ok(answer.includes('"field":"content"'), answer);
  }
});

test("room_message nested too deeply to be written is answered, reaches nobody, and harms nothing", () => {
  const hub = new TestHub({ maxMessageBytes: 1_000_000 });
  const [ann, bob] = [hub.connect("ann"), hub.connect("bob")];
  hub.join("lobby", ann, bob);
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const [answer = ""] = exchange(hub, ann, toRoom(deep));
  const received = textsOf(bob.conn);
  if (answer.includes('"message_type":"message_accepted"')) {
    assert.equal(received.length, 1);
  } else {
    assert.ok(answer.includes('"code":1001'), answer);
    assert.deepEqual(received, []);
  }
  exchange(hub, ann, toRoom("1"));
  assert.equal(textsOf(bob.conn).length, 1);
  assert.equal(hub.hub.counters.handlerFailures, 0);
});

test("direct_message reaches every connection of its target and tells how many", () => {
  const hub = new TestHub();
  const ann = hub.connect("ann");
  const phone = hub.connect("bob");
  const laptop = hub.connect("bob", { dialect: HUBBUB_V1_JSON });
  const other = hub.connect("carl");
  assert.deepEqual(
    exchange(
      hub,
      ann,
      '{"message_id":1,"message_type":"direct_message","data":{"target_id":"bob","content":{"a":1}}}',
      '{"message_type":"direct_message","data":{"target_id":"bob","content":2}}',
    ),
    [
      `{"message_id":0,"message_type":"message_accepted","request_id":1,"data":{"target_id":"bob","delivered":2},"timestamp":${NOW}}`,
    ],
  );
  for (const { conn } of [phone, laptop]) {
    assert.deepEqual(textsOf(conn), [
      `{"message_id":0,"message_type":"direct_message","data":{"content":{"a":1},"sender_id":"ann","timestamp":${NOW}},"timestamp":${NOW}}`,
      `{"message_id":0,"message_type":"direct_message","data":{"content":2,"sender_id":"ann","timestamp":${NOW}},"timestamp":${NOW}}`,
    ]);
  }
  assert.deepEqual(textsOf(other.conn), []);
});

test("direct_message to oneself reaches the sender too", () => {
  const hub = new TestHub();
  const ann = hub.connect("ann");
  assert.deepEqual(
    exchange(
      hub,
      ann,
      '{"message_id":1,"message_type":"direct_message","data":{"target_id":"ann","content":1}}',
    ),
    [
      `{"message_id":0,"message_type":"direct_message","data":{"content":1,"sender_id":"ann","timestamp":${NOW}},"timestamp":${NOW}}`,
      `{"message_id":0,"message_type":"message_accepted","request_id":1,"data":{"target_id":"ann","delivered":1},"timestamp":${NOW}}`,
    ],
  );
});

test("direct_message answers 4000 for a client that is not connected, and 1001 for a target that can be none", () => {
  const hub = new TestHub();
  const ann = hub.connect("ann");
  const bob = hub.connect("bob");
  bob.connection.closed(1006, "");
  for (const target of ["none", "bob", "__proto__"]) {
    assert.deepEqual(
      exchange(
        hub,
        ann,
        `{"message_id":1,"message_type":"direct_message","data":{"target_id":"${target}","content":1}}`,
      ),
      [errorText(4000, { message: "client not found", requestId: 1 })],
    );
  }
  for (const target of ['""', "7", "null", `"${"x".repeat(1_025)}"`]) {
    const [answer = ""] = exchange(
      hub,
      ann,
      `{"message_id":1,"message_type":"direct_message","data":{"target_id":${target},"content":1}}`,
    );
    assert.ok(answer.includes('"code":1001'), target);
  }
});

test("broadcast reaches everyone, its sender included", () => {
  const hub = new TestHub();
  const clients = [
    hub.connect("ann"),
    hub.connect("bob"),
    hub.connect("carl", { dialect: HUBBUB_V1_JSON }),
  ];
  const [ann, ...others] = clients;
  assert.ok(ann);
  const message =
    `{"message_id":0,"message_type":"broadcast","data":{"content":"hi","sender_id":"ann","timestamp":${NOW}},"timestamp":${NOW}}`;
  assert.deepEqual(
    exchange(
      hub,
      ann,
      '{"message_id":1,"message_type":"broadcast","data":{"content":"hi"}}',
    ),
    [
      message,
      `{"message_id":0,"message_type":"message_accepted","request_id":1,"data":{},"timestamp":${NOW}}`,
    ],
  );
  for (const { conn } of others) assert.deepEqual(textsOf(conn), [message]);
});
