import assert from "node:assert/strict";
import { test } from "node:test";
import { HUBBUB_V1_JSON } from "../../../src/protocol/dialects.ts";
import { TestHub } from "../../fakes/test_hub.ts";

test("takeMessage() allows the burst at once and the rate after it", () => {
  const test = new TestHub({ messagesPerSecond: 2, messageBurst: 3 });
  const { connection } = test.connect("ann");
  const take = (asked: number) =>
    Array.from({ length: asked }, () => connection.takeMessage())
      .filter((isTaken) => isTaken).length;
  assert.equal(take(9), 3);
  test.clock.advance(1_000);
  assert.equal(take(9), 2);
  test.clock.advance(60_000);
  assert.equal(take(9), 3);
});

test("takeMessage() has no limit at 0, and a second's worth of burst without one of its own", () => {
  const unlimited = new TestHub().connect("ann").connection;
  for (let i = 0; i < 10_000; i++) assert.ok(unlimited.takeMessage());
  const test = new TestHub({ messagesPerSecond: 5 });
  const { connection } = test.connect("ann");
  for (let i = 0; i < 5; i++) assert.ok(connection.takeMessage());
  assert.equal(connection.takeMessage(), false);
});

test("takeMessage() counts connections apart, and takes on new settings", () => {
  const test = new TestHub({ messagesPerSecond: 1 });
  const ann = test.connect("ann").connection;
  const bob = test.connect("ann").connection;
  assert.ok(ann.takeMessage());
  assert.equal(ann.takeMessage(), false);
  assert.ok(bob.takeMessage());
  test.hub.configure({ ...test.hub.settings, messagesPerSecond: 0 });
  assert.ok(ann.takeMessage());
});

test("countInvalid() closes with 4500 at ten messages in a minute, after the answer to each", () => {
  for (const intervalMs of [0, 6_000]) {
    const test = new TestHub();
    const ann = test.connect("ann");
    for (let i = 0; i < 10; i++) {
      assert.equal(ann.connection.state, "open", `message ${i}`);
      test.send(ann, "{");
      test.clock.advance(intervalMs);
      ann.connection.alive();
    }
    assert.deepEqual(ann.conn.types, new Array(10).fill("error"));
    assert.deepEqual(ann.conn.closedWith, {
      code: 4500,
      reason: "bad protocol",
    });
    assert.equal(test.hub.counters.invalidMessages, 10);
  }
});

test("countInvalid() closes nobody while there are nine in any minute", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  for (let i = 0; i < 100; i++) {
    test.send(ann, "{");
    test.clock.advance(6_700);
    ann.connection.alive();
  }
  assert.equal(ann.connection.state, "open");
  assert.equal(ann.conn.types.length, 100);
});

test("countInvalid() follows a limit that is changed or taken away", () => {
  const test = new TestHub({ invalidPerMinute: 0 });
  const ann = test.connect("ann");
  for (let i = 0; i < 100; i++) test.send(ann, "{");
  assert.equal(ann.connection.state, "open");
  test.hub.configure({ ...test.hub.settings, invalidPerMinute: 2 });
  test.send(ann, "{");
  test.clock.tick();
  assert.equal(ann.connection.state, "open");
  test.send(ann, "{");
  test.clock.tick();
  assert.equal(ann.conn.closedWith?.code, 4500);
});

test("countInvalid() leaves a hostile frame of thousands of malformed messages at ten answers", () => {
  const test = new TestHub();
  const ann = test.connect("ann", { dialect: HUBBUB_V1_JSON });
  test.send(ann, "1\n".repeat(30_000));
  test.clock.tick();
  assert.deepEqual(ann.conn.types, [
    ...new Array(10).fill("error"),
    "disconnecting",
  ]);
  assert.equal(ann.conn.closedWith?.code, 4500);
  assert.equal(test.hub.counters.invalidMessages, 10);
});

test("receive() closes with 1009 beyond the size limit, and handles nothing more", () => {
  const test = new TestHub({ maxMessageBytes: 100 });
  const ann = test.connect("ann");
  const ping = '{"message_type":"ping"}';
  ann.connection.receive(ping, 100);
  ann.connection.receive(ping, 101);
  ann.connection.receive(ping, ping.length);
  test.clock.tick();
  assert.deepEqual(ann.conn.types, ["pong"]);
  assert.deepEqual(ann.conn.closedWith, {
    code: 1009,
    reason: "message too big",
  });
});

test("receive() follows a size limit that is changed", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  test.hub.configure({ ...test.hub.settings, maxMessageBytes: 10 });
  test.send(ann, '{"message_type":"ping"}');
  test.clock.tick();
  assert.equal(ann.conn.closedWith?.code, 1009);
});

test("can() asks the connection's own permissions, else those of anonymous clients at the moment", () => {
  const test = new TestHub();
  const ann = test.connect("ann").connection;
  const { conn } = test.connect("spare");
  const bob = test.hub.connect({
    conn,
    dialect: HUBBUB_V1_JSON,
    identity: { clientId: "bob" },
    permissions: new Set(["a:b"]),
  });
  assert.ok(ann.can("join:room") && !ann.can("a:b"));
  assert.ok(bob.can("a:b") && !bob.can("join:room"));
  test.hub.configure({
    ...test.hub.settings,
    anonymousPermissions: new Set(["c:d"]),
  });
  assert.ok(ann.can("c:d") && !ann.can("join:room"));
  assert.ok(bob.can("a:b") && !bob.can("c:d"));
});
