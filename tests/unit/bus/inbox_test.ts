import assert from "node:assert/strict";
import { test } from "node:test";
import type { BusMessage } from "../../../src/bus/bus.ts";
import { Inbox } from "../../../src/bus/inbox.ts";

/** Turns that a test takes one by one. */
class Turns {
  readonly #waiting: (() => void)[] = [];

  defer(run: () => void): void {
    this.#waiting.push(run);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  next(): void {
    this.#waiting.shift()?.();
  }
}

function numbered(i: number): BusMessage {
  return { subject: String(i), payload: new Uint8Array(0) };
}

test("Inbox.put() hands over at most 1,000 messages a turn, in order", () => {
  const clock = new Turns();
  const seen: number[] = [];
  const inbox = new Inbox({
    clock,
    deliver: ({ subject }) => seen.push(Number(subject)),
    onError: fail,
  });
  let sent = 0;
  const counts: number[] = [];
  for (let i = 0; i < 2_500; i++) inbox.put(numbered(sent++));
  assert.deepEqual(seen, []);
  for (const more of [700, 1_500, 0, 0, 0]) {
    assert.equal(clock.waiting, 1);
    clock.next();
    counts.push(seen.length);
    for (let i = 0; i < more; i++) inbox.put(numbered(sent++));
  }
  assert.deepEqual(counts, [1_000, 2_000, 3_000, 4_000, 4_700]);
  assert.equal(clock.waiting, 0);
  assert.deepEqual(seen, Array.from({ length: sent }, (_, i) => i));
});

test("Inbox.put() from inside a delivery waits for its place", () => {
  const clock = new Turns();
  const seen: string[] = [];
  const inbox = new Inbox({
    clock,
    deliver: ({ subject }) => {
      seen.push(subject);
      if (subject === "0") inbox.put(numbered(2));
    },
    onError: fail,
  });
  inbox.put(numbered(0));
  inbox.put(numbered(1));
  clock.next();
  clock.next();
  assert.deepEqual(seen, ["0", "1", "2"]);
  assert.equal(clock.waiting, 0);
});

test("Inbox.clear() forgets what waits, also from inside a delivery", () => {
  const clock = new Turns();
  const seen: string[] = [];
  const inbox = new Inbox({
    clock,
    deliver: ({ subject }) => {
      seen.push(subject);
      inbox.clear();
    },
    onError: fail,
    queueBytes: 3 * 65,
  });
  for (let i = 0; i < 4; i++) inbox.put(numbered(i));
  assert.equal(inbox.dropped, 1);
  clock.next();
  assert.deepEqual(seen, ["0"]);
  // Its whole room is free again, and no more than that.
  for (let i = 4; i < 8; i++) inbox.put(numbered(i));
  assert.equal(inbox.dropped, 2);
});

function fail(error: unknown): never {
  throw error;
}
