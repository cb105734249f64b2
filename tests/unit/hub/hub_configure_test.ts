import assert from "node:assert/strict";
import { test } from "node:test";
import { TestHub } from "../../fakes/test_hub.ts";

test("configure() makes live connections keep a new ping interval within half a second", () => {
  const test = new TestHub({
    pingIntervalMs: 3_600_000,
    idleTimeoutMs: 86_400_000,
  });
  const { hub, clock } = test;
  const clients = Array.from({ length: 100 }, (_, i) => test.connect(`c${i}`));
  clock.advance(10_000);
  hub.configure({ ...hub.settings, pingIntervalMs: 1_000 });
  clock.advance(550);
  assert.ok(clients.every(({ conn }) => conn.pings === 1));
  clock.advance(5_000);
  assert.ok(clients.every(({ conn }) => conn.pings >= 5));
});

test("configure() spreads the new pings, so that they do not come all at once", () => {
  const test = new TestHub({
    pingIntervalMs: 3_600_000,
    idleTimeoutMs: 86_400_000,
  });
  const { hub, clock } = test;
  const clients = Array.from({ length: 100 }, (_, i) => test.connect(`c${i}`));
  clock.advance(10_000);
  hub.configure({ ...hub.settings, pingIntervalMs: 1_000 });
  clock.advance(250);
  const pinged = clients.filter(({ conn }) => conn.pings > 0).length;
  assert.ok(pinged > 30 && pinged < 70, String(pinged));
});

test("configure() holds live connections to a shorter idle timeout, and drops nobody who is alive", () => {
  const test = new TestHub();
  const { hub, clock } = test;
  const [ann, bob] = [test.connect("ann"), test.connect("bob")];
  clock.advance(5_000);
  ann.connection.alive();
  hub.configure({
    ...hub.settings,
    idleTimeoutMs: 2_000,
    pingIntervalMs: 500,
  });
  clock.advance(1_000);
  assert.equal(ann.connection.state, "open");
  assert.equal(bob.conn.closedWith?.code, 4002);
});

test("configure() under a thousand connections drops nobody and sends nothing", () => {
  const test = new TestHub();
  const { hub, clock } = test;
  const clients = Array.from(
    { length: 1_000 },
    (_, i) => test.connect(`c${i}`),
  );
  for (let i = 1; i <= 5; i++) {
    hub.configure({ ...hub.settings, pingIntervalMs: 20_000 + i });
    clock.advance(1_000);
  }
  assert.equal(hub.connections.size, 1_000);
  assert.ok(clients.every(({ conn }) => conn.writes.length === 0));
  assert.equal(hub.wheel.size, 1_000);
});

test("configure() changes the write delay from the next tick on", () => {
  const test = new TestHub();
  const { hub, clock } = test;
  const { conn, connection } = test.connect("ann");
  hub.configure({ ...hub.settings, writeDelayMs: 20 });
  connection.send({ type: "t", data: 1 });
  clock.advance(10);
  connection.send({ type: "t", data: 2 });
  clock.advance(9);
  assert.equal(conn.writes.length, 0);
  clock.advance(1);
  assert.equal(conn.writes.length, 1);
  assert.equal(conn.messages.length, 2);
});
