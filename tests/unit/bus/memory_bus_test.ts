import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { MemoryBus } from "../../../src/bus/memory_bus.ts";
import { MemoryExchange } from "../../../src/bus/memory_exchange.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

interface Setup {
  readonly clock: FakeClock;
  readonly exchange: MemoryExchange;
  bus(queueBytes?: number): MemoryBus;
}

function setUp(): Setup {
  const clock = new FakeClock();
  const exchange = new MemoryExchange();
  return {
    clock,
    exchange,
    bus: (queueBytes = 1_000_000) =>
      new MemoryBus({
        clock,
        exchange,
        queueBytes,
        onError: fail,
      }),
  };
}

test("MemoryBus.publish() drops what a full queue cannot take, and counts it", async () => {
  const { clock, bus } = setUp();
  await using publisher = bus();
  // Room for two messages of 64 + 4 + 10 bytes, not for three.
  await using reader = bus(2 * 78 + 77);
  const seen: number[] = [];
  await publisher.start(() => {});
  await reader.start(({ payload }) => seen.push(payload[0] ?? -1));
  await reader.subscribe("room");
  for (let i = 0; i < 5; i++) {
    publisher.publish("room", new Uint8Array(10).fill(i));
  }
  assert.equal(reader.dropped, 3);
  clock.tick();
  assert.deepEqual(seen, [0, 1]);
  publisher.publish("room", new Uint8Array(10).fill(5));
  clock.tick();
  assert.deepEqual(seen, [0, 1, 5]);
  assert.equal(reader.dropped, 3);
  assert.equal(publisher.dropped, 0);
});

test("MemoryBus.publish() copies a Buffer too", async () => {
  const { clock, bus } = setUp();
  await using publisher = bus();
  await using reader = bus();
  const seen: number[] = [];
  await publisher.start(() => {});
  await reader.start(({ payload }) => seen.push(...payload));
  await reader.subscribe("room");
  const payload = Buffer.from([1, 2]);
  publisher.publish("room", payload);
  payload.fill(9);
  clock.tick();
  assert.deepEqual(seen, [1, 2]);
});

test("MemoryBus[Symbol.asyncDispose]() leaves nothing in the exchange", async () => {
  const { clock, exchange, bus } = setUp();
  const publisher = bus();
  const reader = bus();
  let seen = 0;
  await publisher.start(() => {});
  await reader.start(() => seen++);
  for (let i = 0; i < 100; i++) {
    await reader.subscribe(`room:${i}`);
    publisher.publish(`room:${i}`, new Uint8Array(1));
  }
  await publisher.subscribe("room:0");
  assert.equal(exchange.subjectCount, 100);
  await reader[Symbol.asyncDispose]();
  assert.equal(exchange.subjectCount, 1);
  await publisher[Symbol.asyncDispose]();
  assert.equal(exchange.subjectCount, 0);
  clock.tick();
  assert.equal(seen, 0);
});

test("MemoryBus[Symbol.asyncDispose]() lets go of what waits", async () => {
  const { clock, bus } = setUp();
  await using publisher = bus();
  const reader = bus();
  await publisher.start(() => {});
  await reader.start(() => assert.fail("was delivered"));
  await reader.subscribe("room");
  // More than are handed over in one turn.
  for (let i = 0; i < 5_000; i++) publisher.publish("room", new Uint8Array(1));
  await reader[Symbol.asyncDispose]();
  let turns = 0;
  clock.defer = () => turns++;
  clock.tick();
  assert.equal(turns, 0);
});

test("MemoryBus.unsubscribe() removes a subject nobody wants any more", async () => {
  const { exchange, bus } = setUp();
  await using one = bus();
  await using other = bus();
  for (const member of [one, other]) {
    await member.start(() => {});
    await member.subscribe("room");
  }
  await one.unsubscribe("room");
  assert.equal(exchange.subjectCount, 1);
  await other.unsubscribe("room");
  assert.equal(exchange.subjectCount, 0);
});

function fail(error: unknown): never {
  throw error;
}
