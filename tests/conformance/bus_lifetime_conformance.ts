import assert from "node:assert/strict";
import { test } from "node:test";
import type { BusState, MessageBus } from "../../src/bus/bus.ts";
import { until } from "../fakes/until.ts";
import { type BusBackend, BusNode, bytes } from "./bus_node.ts";

/** The half of the suite about subscriptions, start, end and failures; run by `testBus`. */
export function testBusLifetime(
  name: string,
  open: () => Promise<BusBackend>,
): void {
  test(`${name}.unsubscribe() stops delivery`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const b = await BusNode.start(backend);
    await b.bus.subscribe("room:1");
    await b.bus.subscribe("room:2");
    await a.bus.publish("room:1", bytes(1));
    await b.catchUp(a);
    // The second is on its way, or waits in a queue, when the subscription ends.
    await a.bus.publish("room:1", bytes(2));
    await b.bus.unsubscribe("room:1");
    const seenBefore = b.seen.length;
    await a.bus.publish("room:1", bytes(3));
    await a.bus.publish("room:2", bytes(4));
    await b.catchUp(a);
    assert.deepEqual(b.seen.slice(seenBefore), ["room:2 4"]);
  });

  test(`${name}.subscribe() works again after unsubscribe()`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const b = await BusNode.start(backend);
    for (const i of [1, 2, 3]) {
      await b.bus.subscribe("room");
      await a.bus.publish("room", bytes(i));
      await b.catchUp(a);
      await b.bus.unsubscribe("room");
    }
    assert.deepEqual(b.seen, ["room 1", "room 2", "room 3"]);
  });

  test(`${name}.subscribe() and unsubscribe() may be repeated`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const b = await BusNode.start(backend);
    await b.bus.unsubscribe("room");
    await b.bus.subscribe("room");
    await b.bus.subscribe("room");
    await a.bus.publish("room", bytes(1));
    await b.catchUp(a);
    await b.bus.unsubscribe("room");
    await b.bus.unsubscribe("room");
    await a.bus.publish("room", bytes(2));
    await b.catchUp(a);
    assert.deepEqual(b.seen, ["room 1"]);
  });

  test(`${name}.unsubscribe() of one node leaves the others alone`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const b = await BusNode.start(backend);
    const c = await BusNode.start(backend);
    await b.bus.subscribe("room");
    await c.bus.subscribe("room");
    await b.bus.unsubscribe("room");
    await a.bus.publish("room", bytes(1));
    await c.catchUp(a);
    await b.catchUp(a);
    assert.deepEqual(b.seen, []);
    assert.deepEqual(c.seen, ["room 1"]);
  });

  test(`${name}.start() delivers from outside any call`, async () => {
    await using backend = await open();
    let depth = 0;
    const depths: number[] = [];
    const calls: (void | Promise<void>)[] = [];
    const a = await BusNode.start(backend, () => depths.push(depth));
    const b = await BusNode.start(backend, ({ subject }) => {
      depths.push(depth);
      depth++;
      // An answer given while handling the question, as a survey does.
      if (subject === "question") {
        calls.push(b.bus.publish("answer", bytes(1)));
      }
      depth--;
    });
    await a.bus.subscribe("answer");
    await b.bus.subscribe("question");
    depth++;
    calls.push(a.bus.publish("question", bytes(1)));
    depth--;
    await until(() => a.seen.length > 0);
    await Promise.all(calls);
    assert.deepEqual(depths, [0, 0]);
  });

  test(`${name}.start() survives a callback that throws`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const failure = new Error("handler failed");
    const b = await BusNode.start(backend, ({ payload }) => {
      if (payload[0] === 1) throw failure;
    });
    await b.bus.subscribe("room");
    for (const i of [1, 2, 1, 3]) await a.bus.publish("room", bytes(i));
    await b.catchUp(a);
    assert.deepEqual(b.seen, ["room 1", "room 2", "room 1", "room 3"]);
    assert.deepEqual(backend.errors, [failure, failure]);
    assert.equal(b.bus.state, "connected");
  });

  test(`${name} refuses every call before start()`, async () => {
    await using backend = await open();
    await assertRefuses(backend.bus());
  });

  test(`${name} refuses every call after it was disposed of`, async () => {
    await using backend = await open();
    const { bus } = await BusNode.start(backend);
    await bus[Symbol.asyncDispose]();
    await assertRefuses(bus);
    await assert.rejects(bus.start(() => {}), /^Error: Cannot start bus: /);
  });

  test(`${name}.start() refuses to run twice`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const b = await BusNode.start(backend);
    await assert.rejects(b.bus.start(() => {}), /^Error: Cannot start bus: /);
    await b.bus.subscribe("room");
    await a.bus.publish("room", bytes(1));
    await b.catchUp(a);
    assert.deepEqual(b.seen, ["room 1"]);
  });

  test(`${name}.onState() tells every change until it is stopped`, async () => {
    await using backend = await open();
    const bus = backend.bus();
    const states: BusState[] = [];
    const few: BusState[] = [];
    bus.onState(() => {
      throw new Error("observer failed");
    });
    bus.onState((state) => states.push(state));
    const observer = bus.onState((state) => few.push(state));
    assert.equal(bus.state, "closed");
    await bus.start(() => {});
    assert.equal(bus.state, "connected");
    observer.stop();
    observer.stop();
    await bus[Symbol.asyncDispose]();
    assert.equal(bus.state, "closed");
    assert.deepEqual(states, ["connected", "closed"]);
    assert.deepEqual(few, ["connected"]);
    assert.equal(backend.errors.length, 2);
  });

  test(`${name} delivers nothing after it was disposed of`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const c = await BusNode.start(backend);
    let disposed: Promise<void> | undefined;
    const b = await BusNode.start(backend, () => {
      disposed = Promise.resolve(b.bus[Symbol.asyncDispose]());
    });
    await b.bus.subscribe("room");
    await c.bus.subscribe("room");
    for (const i of [1, 2, 3]) await a.bus.publish("room", bytes(i));
    await c.catchUp(a);
    await until(() => disposed !== undefined);
    await disposed;
    assert.deepEqual(b.seen, ["room 1"]);
    assert.deepEqual(c.seen, ["room 1", "room 2", "room 3"]);
  });

  test(`${name} may be disposed of twice, and without a start`, async () => {
    await using backend = await open();
    const { bus } = await BusNode.start(backend);
    const states: BusState[] = [];
    bus.onState((state) => states.push(state));
    await bus.subscribe("room");
    await Promise.all([
      bus[Symbol.asyncDispose](),
      bus[Symbol.asyncDispose](),
    ]);
    await bus[Symbol.asyncDispose]();
    const fresh = backend.bus();
    fresh.onState((state) => states.push(state));
    await fresh[Symbol.asyncDispose]();
    await fresh[Symbol.asyncDispose]();
    await assert.rejects(fresh.start(() => {}), /^Error: Cannot start bus: /);
    assert.deepEqual(states, ["closed"]);
  });
}

async function assertRefuses(bus: MessageBus): Promise<void> {
  await assert.rejects(
    async () => await bus.publish("room", bytes(1)),
    /^Error: Cannot publish to "room": bus is closed$/,
  );
  await assert.rejects(
    bus.subscribe("room"),
    /^Error: Cannot subscribe to "room": bus is closed$/,
  );
  await assert.rejects(
    bus.unsubscribe("room"),
    /^Error: Cannot unsubscribe from "room": bus is closed$/,
  );
}
