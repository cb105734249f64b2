import assert from "node:assert/strict";
import { test } from "node:test";
import { runtime } from "#runtime";
import { until } from "../../fakes/until.ts";

const { clock } = runtime;

test("wallMs() is the date and nowMs() only grows", async () => {
  assert.ok(Math.abs(clock.wallMs() - Date.now()) < 1_000);
  let last = clock.nowMs();
  for (let n = 0; n < 20; n++) {
    await new Promise<void>((resolve) => clock.defer(resolve));
    const now = clock.nowMs();
    assert.ok(now >= last);
    last = now;
  }
});

test("defer() runs behind promises at hand, in order, and before a timer", async () => {
  const order: string[] = [];
  const timed = new Promise<void>((resolve) =>
    clock.after(30, () => {
      order.push("timer");
      resolve();
    })
  );
  clock.defer(() => order.push("first"));
  clock.defer(() => order.push("second"));
  void Promise.resolve().then(() => order.push("promise"));
  order.push("now");
  await timed;
  assert.deepEqual(order, ["now", "promise", "first", "second", "timer"]);
});

test("after() runs once when its time has come", async () => {
  const start = clock.nowMs();
  let runs = 0;
  clock.after(20, () => runs++);
  await until(() => runs === 1);
  // Timers may come a fraction of a millisecond early.
  assert.ok(clock.nowMs() - start >= 19);
  await new Promise<void>((resolve) => clock.after(40, resolve));
  assert.equal(runs, 1);
});

test("after() that is stopped never runs, and stopping twice is harmless", async () => {
  let runs = 0;
  const timer = clock.after(5, () => runs++);
  timer.stop();
  timer.stop();
  await new Promise<void>((resolve) => clock.after(20, resolve));
  assert.equal(runs, 0);
});

test("every() runs until it is stopped", async () => {
  let runs = 0;
  const timer = clock.every(2, () => runs++);
  await until(() => runs >= 3);
  timer.stop();
  timer.stop();
  const stoppedAt = runs;
  await new Promise<void>((resolve) => clock.after(20, resolve));
  assert.equal(runs, stoppedAt);
});
