import assert from "node:assert/strict";
import { test } from "node:test";
import { createBus, MemoryExchange } from "../../../src/bus/mod.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

test("createBus() joins memory buses by their exchange", async () => {
  const clock = new FakeClock();
  const exchange = new MemoryExchange();
  const options = {
    type: "memory",
    clock,
    exchange,
    onError: fail,
  } as const;
  await using a = await createBus(options);
  await using b = await createBus(options);
  const seen: string[] = [];
  await a.start(({ subject }) => seen.push(`a ${subject}`));
  await b.start(({ subject }) => seen.push(`b ${subject}`));
  await a.subscribe("room");
  await b.subscribe("room");
  await a.publish("room", new Uint8Array(1));
  clock.tick();
  assert.deepEqual(seen, ["b room"]);
});

test("createBus() joins a noop bus to nobody", async () => {
  const clock = new FakeClock();
  const options = { type: "noop", clock, onError: fail } as const;
  await using a = await createBus(options);
  await using b = await createBus(options);
  const seen: string[] = [];
  for (const bus of [a, b]) {
    await bus.start(({ subject }) => seen.push(subject));
    await bus.subscribe("room");
  }
  await a.publish("room", new Uint8Array(1));
  clock.tick();
  assert.equal(a.state, "connected");
  assert.deepEqual(seen, []);
});

function fail(error: unknown): never {
  throw error;
}
