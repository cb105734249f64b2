import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOSES } from "../../../src/errors.ts";
import { HUBBUB_V1_JSON } from "../../../src/protocol/dialects.ts";
import { Frame } from "../../../src/protocol/frame.ts";
import { BareConn, FakeConn } from "../../fakes/fake_conn.ts";
import { SETTINGS, type TestClient, TestHub } from "../../fakes/test_hub.ts";

const CLOSE_TIMEOUT_MS = SETTINGS.closeTimeoutMs;

/** What the hub still knows of a connection, wherever it might. */
function tracesOf(test: TestHub, { connection }: TestClient) {
  const { hub } = test;
  return {
    state: connection.state,
    isIndexed: hub.connections.has(connection.id),
    isClient: hub.clients.has(connection.client.id),
    rooms: connection.rooms.size,
    closing: hub.closingCount,
  };
}

const GONE = {
  state: "closed",
  isIndexed: false,
  isClient: false,
  rooms: 0,
  closing: 0,
};

test("close() leaves all rooms and the index at once, and is closed when the socket says so", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  test.join("lobby", ann);
  ann.connection.close(CLOSES.KICKED);
  assert.deepEqual(tracesOf(test, ann), {
    ...GONE,
    state: "closing",
    closing: 1,
  });
  assert.equal(test.hub.rooms.get("lobby").memberCount, 0);
  assert.deepEqual(ann.conn.closedWith, { code: 4503, reason: "kicked" });
  ann.connection.closed(4503, "kicked");
  assert.deepEqual(tracesOf(test, ann), GONE);
  assert.equal(ann.conn.isTerminated, false);
});

test("close() terminates a socket that never confirms at the close timeout, and ignores what it says later", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  ann.connection.close(CLOSES.KICKED);
  test.clock.advance(CLOSE_TIMEOUT_MS - 1);
  assert.equal(ann.connection.state, "closing");
  assert.equal(ann.conn.isTerminated, false);
  test.clock.advance(50);
  assert.deepEqual(tracesOf(test, ann), GONE);
  assert.equal(ann.conn.isTerminated, true);
  const closed = test.hub.counters.connectionsClosed.of(4503).count;
  ann.connection.closed(1006, "");
  ann.connection.alive();
  ann.connection.drained();
  ann.connection.receive('{"message_type":"ping"}', 23);
  test.clock.advance(600_000);
  assert.deepEqual(tracesOf(test, ann), GONE);
  assert.equal(test.hub.counters.connectionsClosed.of(4503).count, closed);
  assert.deepEqual(ann.conn.messages, []);
});

test("close() forgets a socket that cannot be terminated all the same", () => {
  const test = new TestHub();
  const ann = test.connectBy(new BareConn(), { clientId: "ann" });
  ann.connection.close(CLOSES.KICKED);
  test.clock.advance(CLOSE_TIMEOUT_MS + 50);
  assert.deepEqual(tracesOf(test, ann), GONE);
});

test("close() called again changes nothing, in whatever state", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  ann.connection.close(CLOSES.KICKED);
  ann.connection.close(CLOSES.NORMAL);
  ann.connection.closeSoon(CLOSES.NORMAL);
  test.clock.tick();
  assert.equal(ann.conn.closedWith?.code, 4503);
  ann.connection.closed(1000, "");
  ann.connection.close(CLOSES.NORMAL);
  assert.equal(ann.conn.closedWith?.code, 4503);
  assert.equal(test.hub.counters.connectionsClosed.of(4503).count, 1);
  assert.equal(test.hub.counters.connectionsClosed.of(1000).count, 0);
});

test("closed() before any close() ends the connection without touching the socket", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  const bob = test.connect("bob");
  test.join("lobby", ann, bob);
  ann.connection.closed(1006, "");
  ann.connection.close(CLOSES.KICKED);
  test.clock.tick();
  assert.deepEqual(tracesOf(test, ann), GONE);
  assert.equal(ann.conn.closedWith, undefined);
  assert.equal(test.hub.counters.connectionsClosed.of(1006).count, 1);
  assert.deepEqual(bob.conn.messages, [{
    message_id: 0,
    message_type: "member_left",
    data: { room_id: "lobby", client_id: "ann", reason: "disconnected" },
  }]);
  ann.connection.closed(1006, "");
  assert.equal(test.hub.counters.connectionsClosed.of(1006).count, 1);
});

test("closed() with a code of nobody's counts as other", () => {
  const test = new TestHub();
  test.connect("ann").connection.closed(3999, "mine");
  assert.equal(test.hub.counters.connectionsClosed.rest.count, 1);
});

test("close() writes what waits, then disconnecting, and nothing behind it", () => {
  const test = new TestHub();
  const ann = test.connect("ann", { dialect: HUBBUB_V1_JSON });
  ann.connection.send({ type: "t", data: 1 });
  ann.connection.close(CLOSES.DRAINING, { reconnect_after_ms: 7 });
  ann.connection.send({ type: "t", data: 2 });
  ann.connection.deliver(new Frame("late"));
  test.clock.tick();
  assert.equal(ann.conn.writes.length, 1);
  assert.deepEqual(ann.conn.messages, [
    { message_id: 0, message_type: "t", data: 1 },
    {
      message_id: 0,
      message_type: "disconnecting",
      data: { code: 4000, reason: "draining", reconnect_after_ms: 7 },
    },
  ]);
});

test("close() tells a plain client nothing but the code", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  ann.connection.close(CLOSES.DRAINING);
  assert.deepEqual(ann.conn.texts, []);
  assert.deepEqual(ann.conn.closedWith, { code: 4000, reason: "draining" });
});

test("close() on a socket that turns out to be gone ends the connection at once", () => {
  const test = new TestHub();
  const ann = test.connect("ann", { dialect: HUBBUB_V1_JSON });
  ann.conn.status = "closed";
  ann.connection.close(CLOSES.KICKED);
  assert.deepEqual(tracesOf(test, ann), GONE);
  assert.equal(ann.conn.closedWith, undefined);
  test.clock.advance(CLOSE_TIMEOUT_MS * 2);
  assert.equal(test.hub.counters.connectionsClosed.of(1006).count, 1);
});

test("closeSoon() waits for the end of the tick and takes the first reason", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  ann.connection.closeSoon(CLOSES.KICKED);
  ann.connection.closeSoon(CLOSES.NORMAL);
  assert.equal(ann.connection.state, "open");
  assert.equal(ann.connection.isListening, false);
  ann.connection.send({ type: "t", data: 1 });
  test.clock.tick();
  assert.equal(ann.connection.state, "closing");
  assert.deepEqual(ann.conn.messages, [
    { message_id: 0, message_type: "t", data: 1 },
  ]);
  assert.equal(ann.conn.closedWith?.code, 4503);
});

test("Connection ends after the fan-out whose write finds the socket gone", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  const bob = test.connect("bob");
  test.join("lobby", ann, bob);
  ann.conn.status = "closed";
  test.hub.rooms.get("lobby").send({ type: "t", data: 1 });
  test.clock.tick();
  assert.deepEqual(tracesOf(test, ann), GONE);
  assert.deepEqual(bob.conn.types, ["t", "member_left"]);
  assert.equal(test.hub.counters.connectionsClosed.of(1006).count, 1);
});

test("Connection found gone in the middle of a fan-out disturbs nobody else in it", () => {
  // Every second frame is written at once: the queue takes hardly more than one.
  const test = new TestHub({ queueBytes: 100 });
  const members = Array.from(
    { length: 2_000 },
    () => test.connectBy(new FakeConn(), { clientId: "ann" }),
  );
  const gone = members.filter((_, i) => i % 2 === 0);
  const alive = members.filter((_, i) => i % 2 === 1);
  for (const { conn } of gone) conn.status = "closed";
  const connections = members.map(({ connection }) => connection);
  // The client's own list, which shrinks as connections go.
  const { client } = connections[0] ?? assert.fail();
  for (let i = 0; i < 3; i++) {
    assert.equal(
      test.hub.send({ type: "t", data: i }, client.connections),
      2_000,
    );
  }
  test.clock.tick();
  for (const { conn } of alive) {
    assert.deepEqual(conn.messages.map(({ data }) => data), [0, 1, 2]);
  }
  assert.equal(test.hub.connections.size, 1_000);
  assert.equal(client.connections.length, 1_000);
});

test("Connection found gone with its whole room makes no recursion of farewells", () => {
  const test = new TestHub({ queueBytes: 100 });
  const members = Array.from(
    { length: 300 },
    (_, i) => test.connect(`c${i}`),
  );
  test.join("lobby", ...members);
  for (const { conn } of members) conn.status = "closed";
  const room = test.hub.rooms.get("lobby");
  for (let i = 0; i < 3; i++) room.send({ type: "t", data: "x".repeat(60) });
  test.clock.tick();
  assert.equal(test.hub.connections.size, 0);
  assert.equal(room.memberCount, 0);
  assert.deepEqual(test.logger.of("error"), []);
});

test("Connection writes once a tick, everything in order", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  for (let i = 0; i < 100; i++) ann.connection.send({ type: "t", data: i });
  assert.equal(ann.conn.writes.length, 0);
  test.clock.tick();
  assert.equal(ann.conn.writes.length, 1);
  assert.deepEqual(
    ann.conn.messages.map(({ data }) => data),
    Array.from({ length: 100 }, (_, i) => i),
  );
  test.clock.tick();
  assert.equal(ann.conn.writes.length, 1);
});

test("Connection whose socket throws costs nobody else a write, and ends by the close timeout", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  const bob = test.connect("bob");
  ann.conn.close = () => {
    throw new Error("broken");
  };
  ann.connection.closeSoon(CLOSES.KICKED);
  bob.connection.send({ type: "t", data: 1 });
  test.clock.tick();
  assert.deepEqual(bob.conn.types, ["t"]);
  assert.equal(test.logger.of("error").length, 1);
  test.clock.advance(CLOSE_TIMEOUT_MS + 50);
  assert.deepEqual(tracesOf(test, ann), GONE);
});

test("Connection whose socket throws even at terminate() is forgotten", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  ann.conn.terminate = () => {
    throw new Error("broken");
  };
  ann.connection.close(CLOSES.KICKED);
  test.clock.advance(CLOSE_TIMEOUT_MS + 50);
  assert.deepEqual(tracesOf(test, ann), GONE);
  test.clock.advance(60_000);
  assert.equal(test.hub.wheel.size, 0);
  assert.equal(ann.conn.pings, 0);
  assert.equal(test.logger.of("error").length, 1);
});

test("Connection counts what it sends and takes", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  const { counters } = test.hub;
  const before = counters.bytesOut;
  test.send(ann, '{"message_type":"ping"}');
  assert.equal(counters.bytesIn, 23);
  assert.equal(
    counters.bytesOut - before,
    new TextEncoder().encode(ann.conn.texts.join("")).length,
  );
  assert.equal(counters.messagesOut.of("pong").count, 1);
  assert.equal(counters.deliveryLatency.count, 1);
});
