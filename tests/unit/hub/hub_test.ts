import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOSES, HubError } from "../../../src/errors.ts";
import { HUBBUB_V1_JSON } from "../../../src/protocol/dialects.ts";
import { FakeConn, fieldsOf } from "../../fakes/fake_conn.ts";
import { TestHub } from "../../fakes/test_hub.ts";

/** Connects by hand, so that the greeting can be read. */
function connect(test: TestHub, clientId: string) {
  const conn = new FakeConn();
  const connection = test.hub.connect({
    conn,
    dialect: HUBBUB_V1_JSON,
    identity: { clientId },
  });
  test.clock.tick();
  return { conn, connection };
}

test("connect() greets a subprotocol client with welcome, and a plain one with nothing", () => {
  const test = new TestHub();
  const { conn, connection } = connect(test, "ann");
  const [welcome] = conn.messages;
  const { session } = fieldsOf(welcome?.["data"]);
  assert.match(String(session), /^[0-9a-f-]{36}$/);
  assert.deepEqual(welcome, {
    message_id: 0,
    message_type: "welcome",
    data: {
      client_id: "ann",
      connection_id: connection.id,
      node_id: "node-1",
      ping_interval_ms: 25_000,
      max_message_bytes: 65_536,
      session,
    },
  });
  assert.equal(conn.messages.length, 1);

  const plain = new FakeConn();
  test.connectBy(plain, { clientId: "bob" });
  test.clock.advance(60_000);
  assert.deepEqual(plain.texts, []);
});

test("connect() by default keeps several connections of one client apart and one client", () => {
  const test = new TestHub();
  const [first, second] = [connect(test, "ann"), connect(test, "ann")];
  assert.notEqual(first.connection.id, second.connection.id);
  assert.equal(first.connection.client, second.connection.client);
  assert.equal(test.hub.clients.size, 1);
  assert.equal(test.hub.connections.size, 2);
  first.connection.closed(1000, "");
  assert.equal(test.hub.clients.size, 1);
  second.connection.closed(1000, "");
  assert.equal(test.hub.clients.size, 0);
});

test("connect() with replace closes the older connections with 4504", () => {
  const test = new TestHub({ duplicateClientId: "replace" });
  const first = connect(test, "ann");
  const other = connect(test, "bob");
  const second = connect(test, "ann");
  assert.deepEqual(first.conn.closedWith, {
    code: 4504,
    reason: "replaced by a newer connection",
  });
  assert.deepEqual(first.conn.types, ["welcome", "disconnecting"]);
  assert.equal(second.connection.state, "open");
  assert.equal(other.connection.state, "open");
  assert.deepEqual(test.hub.clients.get("ann")?.connections, [
    second.connection,
  ]);
  // What the old socket says now is nobody's concern.
  first.connection.closed(4504, "");
  assert.equal(test.hub.clients.get("ann")?.connections.length, 1);
});

test("connect() with reject closes the newer connection with 4505 and leaves the older alone", () => {
  const test = new TestHub({ duplicateClientId: "reject" });
  const first = connect(test, "ann");
  const second = connect(test, "ann");
  assert.deepEqual(second.conn.closedWith, {
    code: 4505,
    reason: "too many connections",
  });
  assert.deepEqual(second.conn.types, ["disconnecting"]);
  assert.equal(first.connection.state, "open");
  assert.deepEqual(test.hub.clients.get("ann")?.connections, [
    first.connection,
  ]);
  second.connection.closed(4505, "");
  assert.equal(test.hub.clients.get("ann")?.connections.length, 1);
  first.connection.closed(1000, "");
  assert.equal(connect(test, "ann").connection.state, "open");
});

test("connect() holds a client to its number of connections", () => {
  const test = new TestHub({ connectionsPerClient: 2 });
  const [first] = [connect(test, "ann"), connect(test, "ann")];
  assert.equal(connect(test, "ann").conn.closedWith?.code, 4505);
  assert.equal(connect(test, "bob").connection.state, "open");
  first.connection.closed(1000, "");
  assert.equal(connect(test, "ann").connection.state, "open");
});

test("refuse() closes a socket that never shows up anywhere", () => {
  const test = new TestHub();
  const conn = new FakeConn();
  const connection = test.hub.refuse({
    conn,
    dialect: HUBBUB_V1_JSON,
    identity: { clientId: "ann" },
  }, CLOSES.FORBIDDEN_ORIGIN);
  test.clock.tick();
  assert.equal(test.hub.connections.size, 0);
  assert.equal(test.hub.clients.size, 0);
  assert.deepEqual(conn.types, ["disconnecting"]);
  assert.deepEqual(conn.closedWith, {
    code: 4506,
    reason: "forbidden origin",
  });
  connection.receive('{"message_type":"ping"}', 23);
  connection.closed(4506, "");
  assert.equal(test.hub.closingCount, 0);
  assert.deepEqual(conn.types, ["disconnecting"]);
});

test("Hub.isFull and the counters follow connections as they come and go", () => {
  const test = new TestHub({ maxConnections: 2 });
  const { hub } = test;
  const first = connect(test, "a");
  assert.equal(hub.isFull, false);
  connect(test, "b");
  assert.equal(hub.isFull, true);
  first.connection.close(CLOSES.NORMAL);
  assert.equal(hub.isFull, false);
  assert.equal(hub.counters.connectionsOpened, 2);
  assert.equal(hub.counters.connectionsClosed.of(1000).count, 1);
  hub.configure({ ...hub.settings, maxConnections: 1 });
  assert.equal(hub.isFull, true);
  hub.configure({ ...hub.settings, maxConnections: 0 });
  assert.equal(hub.isFull, false);
});

test("join() holds a connection to its number of rooms", () => {
  const test = new TestHub({ roomsPerConnection: 2 });
  const { connection } = test.connect("ann");
  test.hub.join(connection, "a");
  test.hub.join(connection, "b");
  assert.throws(
    () => test.hub.join(connection, "c"),
    (error) =>
      error instanceof HubError && error.kind === "TOO_MANY" &&
      JSON.stringify(error.details) === '{"rooms_per_connection":2}',
  );
  assert.equal(test.hub.rooms.count, 2);
  test.hub.rooms.get("a").leave(connection, "left");
  test.hub.join(connection, "c");
  test.hub.configure({ ...test.hub.settings, roomsPerConnection: 0 });
  for (let i = 0; i < 10; i++) test.hub.join(connection, `r${i}`);
});

test("send() counts deliveries by type", () => {
  const test = new TestHub();
  const [ann, bob] = [test.connect("ann"), test.connect("bob")];
  const connections = [ann.connection, bob.connection];
  assert.equal(test.hub.send({ type: "t", data: 1 }, connections), 2);
  assert.equal(
    test.hub.send({ type: "t", data: 2 }, connections, {
      except: ann.connection,
    }),
    1,
  );
  test.clock.tick();
  assert.deepEqual(ann.conn.messages.map(({ data }) => data), [1]);
  assert.deepEqual(bob.conn.messages.map(({ data }) => data), [1, 2]);
  assert.equal(test.hub.counters.messagesOut.of("t").count, 3);
});

test("Hub.queuedBytes adds up what waits for all connections", () => {
  const test = new TestHub();
  const [ann, bob] = [test.connect("ann"), test.connect("bob")];
  ann.conn.bufferedAmount = 5;
  bob.conn.bufferedAmount = 7;
  assert.equal(test.hub.queuedBytes, 12);
});

test("Hub gives every member every sender's messages in that sender's order", () => {
  const test = new TestHub();
  const members = Array.from(
    { length: 20 },
    (_, i) =>
      test.connect(`c${i}`, i % 2 === 0 ? { dialect: HUBBUB_V1_JSON } : {}),
  );
  test.join("lobby", ...members);
  for (const { conn } of members) conn.clear();
  for (let n = 0; n < 10; n++) {
    for (const [i, { connection }] of members.entries()) {
      const text = JSON.stringify({
        message_type: "room_message",
        data: { room_id: "lobby", content: n },
      });
      connection.receive(text, text.length);
      // Some messages share a tick, some do not.
      if ((n + i) % 7 === 0) test.clock.tick();
    }
  }
  test.clock.tick();
  for (const [i, { conn }] of members.entries()) {
    const bySender = new Map<unknown, unknown[]>();
    for (const { data } of conn.messages) {
      const { sender_id, content } = fieldsOf(data);
      bySender.set(sender_id, [...bySender.get(sender_id) ?? [], content]);
    }
    assert.equal(bySender.size, 19);
    assert.equal(bySender.has(`c${i}`), false);
    for (const contents of bySender.values()) {
      assert.deepEqual(contents, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  }
});

test("Hub keeps nothing of a thousand connections that come and go", () => {
  const test = new TestHub();
  const { hub, clock } = test;
  const timers = clock.pendingTimers;
  for (let i = 0; i < 1_000; i++) {
    const client = test.connect(`c${i % 300}`, { dialect: HUBBUB_V1_JSON });
    test.join(`room-${i % 50}`, client);
    hub.join(client.connection, "all");
    if (i % 3 === 0) client.connection.close(CLOSES.NORMAL);
    if (i % 3 === 1) client.connection.closed(1006, "");
    if (i % 6 === 2) test.send(client, "{");
    if (i % 6 === 5) client.conn.status = "closed";
    clock.advance(7);
  }
  const left = [...hub.connections.values()];
  assert.ok(left.length > 0);
  for (const connection of left) connection.close(CLOSES.NORMAL);
  clock.advance(120_000);
  assert.deepEqual({
    connections: hub.connections.size,
    clients: hub.clients.size,
    closing: hub.closingCount,
    rooms: hub.rooms.count,
    deadlines: hub.wheel.size,
    timers: clock.pendingTimers,
    queued: hub.queuedBytes,
  }, {
    connections: 0,
    clients: 0,
    closing: 0,
    rooms: 0,
    deadlines: 0,
    timers,
    queued: 0,
  });
  const { counters } = hub;
  assert.equal(counters.roomsCreated, counters.roomsRemoved);
  const closed = [...counters.connectionsClosed.entries()]
    .reduce((sum, [, count]) => sum + count, 0);
  assert.equal(closed, 1_000);
  assert.equal(counters.connectionsOpened, 1_000);
  assert.deepEqual(test.logger.of("error"), []);
});

test("dispose() stops every timer", () => {
  const test = new TestHub();
  test.connect("ann");
  test.hub.dispose();
  assert.equal(test.clock.pendingTimers, 0);
});
