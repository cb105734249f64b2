import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOSES } from "../../../src/errors.ts";
import type { Outbound } from "../../../src/protocol/message.ts";
import { HUBBUB_V1_JSON } from "../../../src/protocol/dialects.ts";
import { BareConn } from "../../fakes/fake_conn.ts";
import { ROOM_DEFAULTS, TestHub } from "../../fakes/test_hub.ts";

/** Besides its data a frame of the tests has 71 bytes. */
const BODY = "x".repeat(29);
const FRAME_BYTES = 100;

/** A message whose frame has 100 bytes; `n` up to 9 tells it from others. */
function hundredBytes(n: number): Outbound {
  return { type: "t", data: `${n}${BODY.slice(1)}` };
}

function numbersOf(conn: BareConn): number[] {
  return conn.messages.filter((it) => it["message_type"] === "t")
    .map((it) => Number(String(it["data"])[0]));
}

/** A member of `lobby` whose socket has just reported back-pressure, in a hub of `queueBytes`. */
function slowMember(options: {
  readonly queueBytes?: number;
  readonly slowConsumer?: "disconnect" | "drop_oldest" | "drop_newest";
} = {}) {
  const { queueBytes = 3 * FRAME_BYTES, slowConsumer = "disconnect" } = options;
  const test = new TestHub({
    queueBytes,
    roomDefaults: { ...ROOM_DEFAULTS, slowConsumer, presence: false },
  });
  const ann = test.connect("ann", { dialect: HUBBUB_V1_JSON });
  test.join("lobby", ann);
  const room = test.hub.rooms.get("lobby");
  ann.conn.status = "backpressure";
  room.send(hundredBytes(0));
  test.clock.tick();
  assert.deepEqual(numbersOf(ann.conn), [0]);
  ann.conn.clear();
  ann.conn.status = "ok";
  return { test, room, ...ann };
}

test("hundredBytes() makes a frame of 100 bytes", () => {
  const test = new TestHub();
  const { conn, connection } = test.connect("ann");
  connection.send(hundredBytes(1));
  test.clock.tick();
  assert.equal(conn.writes[0]?.[0]?.bytes.length, FRAME_BYTES);
});

test("drained() writes what waited behind a slow peer, in order and with one write", () => {
  const { test, room, conn, connection } = slowMember();
  for (const n of [1, 2, 3]) room.send(hundredBytes(n));
  test.clock.tick();
  assert.deepEqual(conn.writes, []);
  connection.drained();
  assert.equal(conn.writes.length, 1);
  assert.deepEqual(numbersOf(conn), [1, 2, 3]);
  room.send(hundredBytes(4));
  test.clock.tick();
  assert.deepEqual(numbersOf(conn), [1, 2, 3, 4]);
});

test("drained() with nothing waiting, or without back-pressure, writes nothing", () => {
  const { conn, connection } = slowMember();
  connection.drained();
  connection.drained();
  assert.deepEqual(conn.writes, []);
});

test("drained() into back-pressure again goes on queueing", () => {
  const { test, room, conn, connection } = slowMember();
  conn.status = "backpressure";
  for (const n of [1, 2]) room.send(hundredBytes(n));
  connection.drained();
  for (const n of [3, 4]) room.send(hundredBytes(n));
  test.clock.tick();
  assert.deepEqual(numbersOf(conn), [1, 2]);
  conn.status = "ok";
  connection.drained();
  assert.deepEqual(numbersOf(conn), [1, 2, 3, 4]);
});

test("Outbox keeps frames of a tick that began before the back-pressure in front of later ones", () => {
  const { test, room, conn, connection } = slowMember();
  connection.drained();
  room.send(hundredBytes(1));
  conn.status = "backpressure";
  test.clock.tick();
  room.send(hundredBytes(2));
  conn.status = "ok";
  connection.drained();
  room.send(hundredBytes(3));
  test.clock.tick();
  assert.deepEqual(numbersOf(conn), [1, 2, 3]);
});

test("Outbox holds the queue limit to the byte, what the socket buffers included", () => {
  for (const [bufferedAmount, isClosed] of [[100, false], [101, true]]) {
    const { test, room, conn, connection } = slowMember();
    conn.bufferedAmount = Number(bufferedAmount);
    room.send(hundredBytes(1));
    room.send(hundredBytes(2));
    assert.equal(
      connection.queuedBytes,
      conn.bufferedAmount + (isClosed ? 100 : 200),
    );
    test.clock.tick();
    assert.equal(connection.state, isClosed ? "closing" : "open");
  }
});

test("Outbox has a slow consumer closed with 4001 at the end of the tick, told why, and spared its backlog", () => {
  const { test, room, conn, connection } = slowMember();
  for (const n of [1, 2, 3, 4, 5]) room.send(hundredBytes(n));
  assert.equal(connection.state, "open");
  test.clock.tick();
  assert.deepEqual(conn.closedWith, { code: 4001, reason: "slow consumer" });
  assert.deepEqual(conn.messages, [{
    message_id: 0,
    message_type: "disconnecting",
    data: { code: 4001, reason: "slow consumer" },
  }]);
  assert.equal(test.hub.counters.slowConsumers.disconnect, 1);
  assert.equal(test.hub.counters.connectionsClosed.of(4001).count, 1);
  assert.equal(connection.queuedBytes, 0);
});

test("Outbox of a slow consumer disturbs nobody else in the room, who hear why it left", () => {
  const { test, room } = slowMember({ slowConsumer: "disconnect" });
  const bob = test.connect("bob");
  test.join("lobby", bob);
  room.settings = { ...room.settings, presence: true };
  for (const n of [1, 2, 3, 4, 5]) room.send(hundredBytes(n));
  test.clock.tick();
  test.clock.tick();
  assert.deepEqual(numbersOf(bob.conn), [1, 2, 3, 4, 5]);
  assert.deepEqual(bob.conn.messages.at(-1)?.["data"], {
    room_id: "lobby",
    client_id: "ann",
    reason: "slow_consumer",
  });
});

test("Outbox with drop_oldest keeps the newest, stays connected and tells how many were lost", () => {
  const { test, room, conn, connection } = slowMember({
    slowConsumer: "drop_oldest",
  });
  for (let n = 1; n <= 9; n++) room.send(hundredBytes(n));
  test.clock.tick();
  connection.drained();
  test.clock.tick();
  assert.deepEqual(numbersOf(conn), [7, 8, 9]);
  assert.deepEqual(conn.messages.at(-1), {
    message_id: 0,
    message_type: "lagging",
    data: { room_id: "lobby", dropped: 6 },
  });
  assert.equal(connection.state, "open");
  assert.deepEqual(test.hub.counters.messagesDropped, {
    drop_oldest: 6,
    drop_newest: 0,
  });
});

test("Outbox with drop_newest keeps the oldest, stays connected and tells how many were lost", () => {
  const { test, room, conn, connection } = slowMember({
    slowConsumer: "drop_newest",
  });
  for (let n = 1; n <= 9; n++) room.send(hundredBytes(n));
  test.clock.tick();
  connection.drained();
  test.clock.tick();
  assert.deepEqual(numbersOf(conn), [1, 2, 3]);
  assert.deepEqual(conn.messages.at(-1)?.["data"], {
    room_id: "lobby",
    dropped: 6,
  });
  // The next time counts anew.
  conn.clear();
  connection.drained();
  test.clock.tick();
  assert.deepEqual(conn.messages, []);
});

test("Outbox names every room that lost something as lagging", () => {
  const { test, room, conn, connection } = slowMember({
    slowConsumer: "drop_newest",
  });
  test.hub.join(connection, "other");
  for (const n of [1, 2, 3, 4]) room.send(hundredBytes(n));
  for (const n of [5, 6]) test.hub.rooms.get("other").send(hundredBytes(n));
  connection.drained();
  test.clock.tick();
  assert.deepEqual(
    conn.messages.filter((it) => it["message_type"] === "lagging")
      .map((it) => it["data"]),
    [{ room_id: "lobby", dropped: 1 }, { room_id: "other", dropped: 2 }],
  );
});

test("Outbox never drops a reply: a room's frames give way, else the connection is closed", () => {
  const { test, room, conn, connection } = slowMember({
    slowConsumer: "drop_newest",
  });
  for (const n of [1, 2, 3]) room.send(hundredBytes(n));
  for (const n of [7, 8, 9]) connection.send(hundredBytes(n));
  test.clock.tick();
  assert.equal(connection.state, "open");
  connection.send(hundredBytes(6));
  test.clock.tick();
  assert.equal(conn.closedWith?.code, 4001);

  const other = slowMember({ slowConsumer: "drop_newest" });
  for (const n of [1, 2, 3]) other.room.send(hundredBytes(n));
  other.connection.send(hundredBytes(9));
  other.connection.drained();
  assert.deepEqual(numbersOf(other.conn), [2, 3, 9]);
});

test("Outbox gives room_deleted to a slow consumer whose room drops", () => {
  const { test, room, conn, connection } = slowMember({
    slowConsumer: "drop_newest",
  });
  for (let n = 1; n <= 9; n++) room.send(hundredBytes(n));
  test.hub.rooms.delete("lobby");
  connection.drained();
  assert.ok(conn.types.includes("room_deleted"));
});

test("close() for another reason still writes the backlog, then disconnecting", () => {
  const { room, conn, connection } = slowMember();
  for (const n of [1, 2, 3]) room.send(hundredBytes(n));
  connection.close(CLOSES.KICKED);
  assert.equal(conn.writes.length, 1);
  assert.deepEqual(conn.types, ["t", "t", "t", "disconnecting"]);
  assert.deepEqual(numbersOf(conn), [1, 2, 3]);
  assert.equal(conn.closedWith?.code, 4503);
});

test("Outbox has a slow consumer closed once, whatever comes after the verdict", () => {
  const { test, room, conn, connection } = slowMember();
  for (let n = 1; n <= 9; n++) room.send(hundredBytes(n));
  connection.drained();
  test.clock.tick();
  assert.equal(conn.closedWith?.code, 4001);
  assert.equal(test.hub.counters.slowConsumers.disconnect, 1);
});

test("Outbox asks a socket that cannot say when it has drained", () => {
  const test = new TestHub();
  const { conn, connection } = test.connectBy(new BareConn(), {
    clientId: "ann",
  });
  conn.status = "backpressure";
  connection.send(hundredBytes(0));
  test.clock.tick();
  conn.status = "ok";
  conn.bufferedAmount = 1;
  connection.send(hundredBytes(1));
  test.clock.advance(10_000);
  assert.deepEqual(numbersOf(conn), [0]);
  conn.bufferedAmount = 0;
  test.clock.advance(150);
  assert.deepEqual(numbersOf(conn), [0, 1]);
  const { size } = test.hub.wheel;
  connection.send(hundredBytes(2));
  test.clock.tick();
  assert.deepEqual(numbersOf(conn), [0, 1, 2]);
  assert.equal(size, 1);
});

test("Outbox that asks a socket leaves no deadline behind when it closes", () => {
  const test = new TestHub();
  const { conn, connection } = test.connectBy(new BareConn(), {
    clientId: "ann",
  });
  conn.status = "backpressure";
  connection.send(hundredBytes(0));
  test.clock.tick();
  assert.equal(test.hub.wheel.size, 2);
  connection.closed(1006, "");
  assert.equal(test.hub.wheel.size, 0);
});

test("Outbox closes no peer that keeps up for a burst in one tick larger than the queue", () => {
  const test = new TestHub({ queueBytes: 10 * FRAME_BYTES });
  const { conn, connection } = test.connect("ann");
  for (let n = 0; n < 1_000; n++) connection.send(hundredBytes(n % 10));
  test.clock.tick();
  assert.equal(connection.state, "open");
  assert.deepEqual(
    numbersOf(conn),
    Array.from({ length: 1_000 }, (_, n) => n % 10),
  );
  // What waits in the hub never came near the limit, and the writes are few.
  for (const frames of conn.writes) {
    const bytes = frames.reduce((sum, it) => sum + it.bytes.length, 0);
    assert.ok(bytes <= 6 * FRAME_BYTES, String(bytes));
  }
  assert.ok(conn.writes.length <= 1_000 / 5);
});

test("Outbox stops a burst at back-pressure, and the rest waits its turn", () => {
  const test = new TestHub({ queueBytes: 4 * FRAME_BYTES });
  const { conn, connection } = test.connect("ann");
  conn.status = "backpressure";
  for (let n = 0; n < 7; n++) connection.send(hundredBytes(n));
  test.clock.tick();
  assert.deepEqual(numbersOf(conn), [0, 1, 2]);
  assert.equal(connection.queuedBytes, 4 * FRAME_BYTES);
  assert.equal(connection.state, "open");
  conn.status = "ok";
  connection.drained();
  assert.deepEqual(numbersOf(conn), [0, 1, 2, 3, 4, 5, 6]);
});

test("Outbox follows a queue limit that is raised or lowered", () => {
  const { test, room, conn, connection } = slowMember();
  const { hub } = test;
  for (const n of [1, 2, 3]) room.send(hundredBytes(n));
  hub.configure({ ...hub.settings, queueBytes: 5 * FRAME_BYTES });
  for (const n of [4, 5]) room.send(hundredBytes(n));
  test.clock.tick();
  assert.equal(connection.state, "open");
  hub.configure({ ...hub.settings, queueBytes: 4 * FRAME_BYTES });
  test.clock.advance(1_000);
  assert.equal(connection.state, "open");
  room.send(hundredBytes(6));
  test.clock.tick();
  assert.equal(conn.closedWith?.code, 4001);
});
