import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../fakes/until.ts";
import { testBusLifetime } from "./bus_lifetime_conformance.ts";
import { type BusBackend, BusNode, bytes } from "./bus_node.ts";

/** Every bus adapter runs this suite unchanged. */
export function testBus(name: string, open: () => Promise<BusBackend>): void {
  testBusDelivery(name, open);
  testBusLifetime(name, open);
}

function testBusDelivery(
  name: string,
  open: () => Promise<BusBackend>,
): void {
  test(`${name}.publish() reaches subscribers of its subject only`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const b = await BusNode.start(backend);
    const c = await BusNode.start(backend);
    await b.bus.subscribe("room:1");
    await c.bus.subscribe("room:2");
    await a.bus.publish("room:1", bytes(1));
    await a.bus.publish("room:3", bytes(3));
    await a.bus.publish("room:2", bytes(2));
    await b.catchUp(a);
    await c.catchUp(a);
    assert.deepEqual(b.seen, ["room:1 1"]);
    assert.deepEqual(c.seen, ["room:2 2"]);
  });

  test(`${name}.publish() never comes back to its publisher`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const b = await BusNode.start(backend);
    await a.bus.subscribe("room");
    await b.bus.subscribe("room");
    await a.bus.publish("room", bytes(1));
    await b.bus.publish("room", bytes(2));
    await a.catchUp(b);
    await b.catchUp(a);
    assert.deepEqual(a.seen, ["room 2"]);
    assert.deepEqual(b.seen, ["room 1"]);
  });

  test(`${name}.publish() takes a subject literally`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const b = await BusNode.start(backend);
    const subjects = [
      "*",
      ">",
      "room.*",
      "room.>",
      "room.a.b",
      "room:?",
      "room:[ab]",
      "Room:a",
      "$SYS",
      "with space",
      "new\nline",
      "/slash/",
      "__proto__",
      "日本語",
      "😀",
      "x".repeat(256),
    ];
    for (const subject of subjects) await b.bus.subscribe(subject);
    const decoys = ["room", "room.a", "room:a", "room:", "room:Room:a", "_"];
    for (const subject of [...decoys, ...subjects]) {
      await a.bus.publish(subject, bytes(1));
    }
    await b.catchUp(a);
    assert.deepEqual(
      b.seen.toSorted(),
      subjects.map((subject) => `${subject} 1`).toSorted(),
    );
  });

  test(`${name}.publish() keeps the order of each publisher and subject`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const b = await BusNode.start(backend);
    const lists = new Map<string, number[]>();
    const c = await BusNode.start(backend, ({ subject, payload }) => {
      const [publisher, high = 0, low = 0] = payload;
      const key = `${subject} of ${publisher}`;
      const list = lists.get(key) ?? [];
      list.push(high * 256 + low);
      lists.set(key, list);
    });
    await c.bus.subscribe("room:1");
    await c.bus.subscribe("room:2");
    const numbers = Array.from({ length: 500 }, (_, i) => i);
    for (const i of numbers) {
      for (const subject of ["room:1", "room:2"]) {
        await a.bus.publish(subject, bytes(1, i >> 8, i & 255));
        await b.bus.publish(subject, bytes(2, i >> 8, i & 255));
      }
    }
    await until(() => c.seen.length >= 2_000);
    assert.deepEqual(Object.fromEntries(lists), {
      "room:1 of 1": numbers,
      "room:1 of 2": numbers,
      "room:2 of 1": numbers,
      "room:2 of 2": numbers,
    });
  });

  test(`${name}.publish() carries every byte, and none`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const payloads: number[][] = [];
    const b = await BusNode.start(
      backend,
      ({ payload }) => payloads.push([...payload]),
    );
    await b.bus.subscribe("room");
    const all = Array.from({ length: 256 }, (_, i) => i);
    await a.bus.publish("room", bytes(...all));
    await a.bus.publish("room", bytes());
    await until(() => payloads.length === 2);
    assert.deepEqual(payloads, [all, []]);
  });

  test(`${name}.publish() carries 1 MiB`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const payloads: Uint8Array[] = [];
    const b = await BusNode.start(
      backend,
      ({ payload }) => payloads.push(payload.slice()),
    );
    await b.bus.subscribe("room");
    const sent = new Uint8Array(1024 * 1024);
    for (let i = 0; i < sent.length; i++) {
      sent[i] = Math.imul(i, 2_654_435_761) >>> 24;
    }
    await a.bus.publish("room", sent);
    await until(() => payloads.length > 0);
    const [got = bytes()] = payloads;
    assert.equal(got.length, sent.length);
    assert.equal(got.findIndex((byte, i) => byte !== sent[i]), -1);
  });

  test(`${name}.publish() brings a burst of 100,000 messages, in order and once`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const b = await BusNode.start(backend);
    await b.bus.subscribe("room");
    const sent: string[] = [];
    for (let i = 0; i < 100_000; i++) {
      const payload = bytes(i >> 16, (i >> 8) & 255, i & 255);
      sent.push(["room", ...payload].join(" "));
      await a.bus.publish("room", payload);
    }
    await until(() => b.seen.length >= sent.length, {
      deadlineMs: 20_000,
      describe: () => `${b.seen.length} came, ${b.bus.dropped} dropped`,
    });
    await b.catchUp(a);
    assert.equal(b.seen.length, sent.length);
    assert.equal(b.seen.findIndex((entry, i) => entry !== sent[i]), -1);
  });

  test(`${name}.publish() has taken the payload when it is done`, async () => {
    await using backend = await open();
    const a = await BusNode.start(backend);
    const b = await BusNode.start(backend);
    await b.bus.subscribe("room");
    // A view into a larger buffer, as a pooled one is.
    const pool = bytes(9, 1, 2, 9);
    await a.bus.publish("room", pool.subarray(1, 3));
    pool.fill(7);
    await b.catchUp(a);
    assert.deepEqual(b.seen, ["room 1 2"]);
  });

  test(`${name}.publish() refuses a subject that is empty or too long`, async () => {
    await using backend = await open();
    const { bus } = await BusNode.start(backend);
    for (const subject of ["", "x".repeat(257)]) {
      const refused = { name: "RangeError", message: /1 to 256 characters/ };
      await assert.rejects(
        async () => await bus.publish(subject, bytes()),
        refused,
      );
      await assert.rejects(bus.subscribe(subject), refused);
      await assert.rejects(bus.unsubscribe(subject), refused);
    }
  });
}
