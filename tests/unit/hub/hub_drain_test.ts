import assert from "node:assert/strict";
import { test } from "node:test";
import { HUBBUB_V1_JSON } from "../../../src/protocol/dialects.ts";
import { FakeConn, fieldsOf } from "../../fakes/fake_conn.ts";
import { TestHub } from "../../fakes/test_hub.ts";
import { until } from "../../fakes/until.ts";

/** Runs a drain to its end, one tick after the other. */
async function drain(test: TestHub, reconnectWithinMs = 1_000): Promise<void> {
  let isDone = false;
  const done = test.hub.drain({ reconnectWithinMs }).then(() => {
    isDone = true;
  });
  await until(() => {
    test.clock.tick();
    return isDone;
  });
  await done;
}

test("drain() tells every subprotocol client when to come back, and closes all with 4000", async () => {
  const test = new TestHub();
  const ann = test.connect("ann", { dialect: HUBBUB_V1_JSON });
  const bob = test.connect("bob");
  ann.connection.send({ type: "t", data: 1 });
  await drain(test);
  const [last, notice] = ann.conn.messages;
  assert.equal(last?.["message_type"], "t");
  assert.equal(notice?.["message_type"], "disconnecting");
  const { code, reason, reconnect_after_ms } = fieldsOf(notice?.["data"]);
  assert.deepEqual({ code, reason }, { code: 4000, reason: "draining" });
  assert.ok(Number.isInteger(reconnect_after_ms));
  assert.deepEqual(bob.conn.messages, []);
  for (const { conn } of [ann, bob]) {
    assert.deepEqual(conn.closedWith, { code: 4000, reason: "draining" });
  }
  assert.equal(test.hub.connections.size, 0);
  assert.equal(test.hub.closingCount, 2);
});

test("drain() spreads the return of clients over the time it is given", async () => {
  const test = new TestHub();
  const clients = Array.from(
    { length: 200 },
    (_, i) => test.connect(`c${i}`, { dialect: HUBBUB_V1_JSON }),
  );
  await drain(test, 10_000);
  const delays = clients.map(({ conn }) => {
    const { data } = conn.messages[0] ?? assert.fail();
    return Number(fieldsOf(data)["reconnect_after_ms"]);
  });
  assert.ok(delays.every((delay) => delay >= 0 && delay <= 10_000));
  // Of 200 random values some fall into each third, but for a chance of 10^-34.
  for (const third of [0, 1, 2]) {
    const [from, to] = [third * 3_334, (third + 1) * 3_334];
    assert.ok(delays.some((delay) => delay >= from && delay < to));
  }
});

test("drain() makes no storm of member_left", async () => {
  const test = new TestHub();
  const members = Array.from(
    { length: 50 },
    (_, i) => test.connect(`c${i}`, { dialect: HUBBUB_V1_JSON }),
  );
  test.join("lobby", ...members);
  for (const { conn } of members) conn.clear();
  await drain(test);
  for (const { conn } of members) {
    assert.deepEqual(conn.types, ["disconnecting"]);
  }
  assert.equal(test.hub.rooms.get("lobby").memberCount, 0);
});

test("drain() lets other events in between, however many connections there are", async () => {
  const test = new TestHub();
  for (let i = 0; i < 1_200; i++) test.connect(`c${i}`);
  const done = test.hub.drain({ reconnectWithinMs: 1_000 });
  assert.equal(test.hub.connections.size, 700);
  test.clock.tick();
  await until(() => test.hub.connections.size === 200);
  test.clock.tick();
  await done;
  assert.equal(test.hub.connections.size, 0);
});

test("drain() turns away who comes late", async () => {
  const test = new TestHub();
  await drain(test);
  const conn = new FakeConn();
  const connection = test.hub.connect({
    conn,
    dialect: HUBBUB_V1_JSON,
    identity: { clientId: "late" },
  });
  assert.equal(connection.state, "closing");
  assert.deepEqual(conn.types, ["disconnecting"]);
  assert.equal(conn.closedWith?.code, 4000);
  assert.equal(test.hub.connections.size, 0);
});

test("drain() of a hub without connections is done at once", async () => {
  const test = new TestHub();
  await test.hub.drain({ reconnectWithinMs: 1_000 });
  assert.equal(test.hub.closingCount, 0);
});
