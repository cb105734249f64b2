import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOSES } from "../../../src/errors.ts";
import { HUBBUB_V1_JSON, PLAIN } from "../../../src/protocol/dialects.ts";
import { BareConn, FakeConn } from "../../fakes/fake_conn.ts";
import { SETTINGS, TestHub } from "../../fakes/test_hub.ts";

const { pingIntervalMs: PING_MS, idleTimeoutMs: IDLE_MS } = SETTINGS;
/** The wheel's tick, and one more look before a silent peer is given up. */
const SLACK_MS = 150;

test("Connection pings its socket every ping interval", () => {
  const test = new TestHub();
  const { conn, connection } = test.connect("ann");
  for (let i = 1; i <= 10; i++) {
    test.clock.advance(PING_MS - 1);
    assert.equal(conn.pings, i - 1);
    test.clock.advance(1);
    assert.equal(conn.pings, i);
    connection.alive();
  }
  assert.equal(connection.state, "open");
  assert.deepEqual(conn.texts, []);
});

test("Connection closes a silent peer with 4002 after the idle timeout, not before", () => {
  for (const dialect of [PLAIN, HUBBUB_V1_JSON]) {
    const test = new TestHub();
    const { conn, connection } = test.connect("ann", { dialect });
    test.clock.advance(IDLE_MS - 1);
    assert.equal(connection.state, "open");
    test.clock.advance(SLACK_MS);
    assert.equal(connection.state, "closing");
    assert.deepEqual(conn.closedWith, {
      code: 4002,
      reason: "heartbeat timeout",
    });
    assert.deepEqual(
      conn.messages,
      dialect === PLAIN ? [] : [{
        message_id: 0,
        message_type: "disconnecting",
        data: { code: 4002, reason: "heartbeat timeout" },
      }],
    );
  }
});

test("Connection takes any sign of life for the idle timeout", () => {
  for (const sign of ["alive", "receive"] as const) {
    const test = new TestHub();
    const { connection } = test.connect("ann");
    for (let i = 0; i < 5; i++) {
      test.clock.advance(IDLE_MS - 1);
      if (sign === "alive") connection.alive();
      else connection.receive('{"message_type":"ping"}', 23);
      assert.equal(connection.state, "open", sign);
    }
    test.clock.advance(IDLE_MS + SLACK_MS);
    assert.equal(connection.state, "closing", sign);
  }
});

test("Connection takes a message that cannot be read for a sign of life", () => {
  const test = new TestHub();
  const { connection } = test.connect("ann");
  for (let i = 0; i < 5; i++) {
    test.clock.advance(IDLE_MS - 1);
    connection.receive("{", 1);
    assert.equal(connection.state, "open");
  }
});

test("Connection sends a subprotocol client ping messages where the socket has no pings", () => {
  const test = new TestHub();
  const { conn, connection } = test.connectBy(new BareConn(), {
    clientId: "ann",
    dialect: HUBBUB_V1_JSON,
  });
  test.clock.advance(PING_MS);
  assert.deepEqual(conn.messages, [{
    message_id: 0,
    message_type: "ping",
    data: { ts: test.clock.wallMs() },
  }]);
  connection.receive('{"message_type":"pong","data":{}}', 33);
  test.clock.advance(IDLE_MS - 1);
  assert.equal(connection.state, "open");
  test.clock.advance(SLACK_MS);
  assert.equal(conn.closedWith?.code, 4002);
});

test("Connection never drops a plain client on a socket without pings as idle, and asks it nothing", () => {
  const test = new TestHub();
  const { conn, connection } = test.connectBy(new BareConn(), {
    clientId: "ann",
  });
  test.clock.advance(20 * IDLE_MS);
  assert.equal(connection.state, "open");
  assert.deepEqual(conn.texts, []);
});

test("Connection drops nobody and moves no ping when the wall clock jumps", () => {
  const test = new TestHub();
  const { conn, connection } = test.connect("ann");
  const jumps = [-86_400_000, 86_400_000, -1_600_000_000_000];
  for (const [i, jumpMs] of jumps.entries()) {
    test.clock.wallOffsetMs += jumpMs;
    test.clock.advance(PING_MS);
    assert.equal(conn.pings, i + 1);
    connection.alive();
  }
  test.clock.advance(IDLE_MS - 1);
  assert.equal(connection.state, "open");
  assert.equal(conn.closedWith, undefined);
});

test("Connection keeps a peer that answered during a pause of the whole process, and closes one that did not", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  const bob = test.connect("bob");
  test.clock.stall(10 * IDLE_MS);
  // Timers came first; what the sockets received meanwhile is read now.
  ann.connection.alive();
  test.clock.advance(SLACK_MS);
  assert.equal(ann.connection.state, "open");
  assert.equal(bob.connection.state, "closing");
  assert.equal(bob.conn.closedWith?.code, 4002);
  assert.equal(ann.conn.pings, 1);
});

test("Connection goes on with the heartbeat after a ping that throws", () => {
  class BrokenConn extends FakeConn {
    override ping(): void {
      super.ping();
      throw new Error("broken");
    }
  }
  const test = new TestHub();
  const { conn, connection } = test.connectBy(new BrokenConn(), {
    clientId: "ann",
  });
  test.clock.advance(2 * PING_MS + 2_000);
  assert.equal(conn.pings, 2);
  assert.equal(test.logger.of("error").length, 2);
  assert.equal(connection.state, "open");
  test.clock.advance(IDLE_MS);
  assert.equal(conn.closedWith?.code, 4002);
});

test("Connection pings no more once it is closing or closed", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  const bob = test.connect("bob");
  ann.connection.close(CLOSES.KICKED);
  bob.connection.closed(1006, "");
  test.clock.advance(2 * PING_MS);
  assert.deepEqual([ann.conn.pings, bob.conn.pings], [0, 0]);
});

test("pause() keeps the pings and suspends the idle timeout until resume()", () => {
  const test = new TestHub();
  const { conn, connection } = test.connect("ann");
  connection.pause();
  connection.pause();
  assert.equal(conn.isReading, false);
  test.clock.advance(5 * IDLE_MS);
  assert.equal(connection.state, "open");
  assert.ok(conn.pings > 5);
  connection.resume();
  assert.equal(conn.isReading, true);
  test.clock.advance(IDLE_MS - 1);
  assert.equal(connection.state, "open");
  test.clock.advance(PING_MS + SLACK_MS);
  assert.equal(conn.closedWith?.code, 4002);
});

test("pause() where the socket cannot keeps the idle timeout", () => {
  const test = new TestHub();
  const { connection } = test.connectBy(new BareConn(), {
    clientId: "ann",
    dialect: HUBBUB_V1_JSON,
  });
  connection.pause();
  test.clock.advance(IDLE_MS + SLACK_MS);
  assert.equal(connection.state, "closing");
});

test("close() reads a paused socket again, so that the handshake can end", () => {
  const test = new TestHub();
  const { conn, connection } = test.connect("ann");
  connection.pause();
  connection.close(CLOSES.KICKED);
  assert.equal(conn.isReading, true);
  connection.pause();
  assert.equal(conn.isReading, true);
});
