import assert from "node:assert/strict";
import { test } from "node:test";
import { Timed, TimerWheel } from "../../../src/hub/timer_wheel.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const TICK_MS = 50;
/** 1,024 slots of 50 ms. */
const TURN_MS = 51_200;

/** Notes when it was due, and does what the test says then. */
class Alarm extends Timed {
  readonly firedAtMs: number[] = [];
  readonly #run: (nowMs: number) => number | undefined;

  constructor(run: (nowMs: number) => number | undefined = () => undefined) {
    super();
    this.#run = run;
  }

  onDue(nowMs: number): number | undefined {
    this.firedAtMs.push(nowMs);
    return this.#run(nowMs);
  }
}

function createWheel() {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const wheel = new TimerWheel(clock, (error) => errors.push(error));
  return { clock, wheel, errors };
}

test("TimerWheel is never early and at most a tick late", () => {
  const { clock, wheel } = createWheel();
  clock.advance(17);
  const alarms = new Map<number, Alarm>();
  for (let dueMs = 18; dueMs < 3_000; dueMs += 7) {
    const alarm = new Alarm();
    alarms.set(dueMs, alarm);
    wheel.schedule(alarm, dueMs);
  }
  clock.advance(4_000);
  for (const [dueMs, { firedAtMs }] of alarms) {
    const [at = NaN] = firedAtMs;
    assert.equal(firedAtMs.length, 1, `due ${dueMs}`);
    assert.ok(at >= dueMs && at - dueMs < 2 * TICK_MS, `${dueMs}: ${at}`);
  }
  assert.equal(wheel.size, 0);
});

test("TimerWheel keeps a deadline that falls on a tick to the millisecond", () => {
  const { clock, wheel } = createWheel();
  const alarm = new Alarm();
  wheel.schedule(alarm, 100);
  clock.advance(99);
  assert.deepEqual(alarm.firedAtMs, []);
  clock.advance(1);
  assert.deepEqual(alarm.firedAtMs, [100]);
});

test("TimerWheel runs what is overdue at the next tick", () => {
  const { clock, wheel } = createWheel();
  clock.advance(1_000);
  const alarm = new Alarm();
  wheel.schedule(alarm, 10);
  assert.deepEqual(alarm.firedAtMs, []);
  clock.advance(TICK_MS);
  assert.deepEqual(alarm.firedAtMs, [1_050]);
});

test("TimerWheel keeps deadlines further away than a turn", () => {
  const { clock, wheel } = createWheel();
  const alarms = [1, 2, 5].map((turns) => {
    const alarm = new Alarm();
    wheel.schedule(alarm, turns * TURN_MS + 100);
    return { turns, alarm };
  });
  clock.advance(100);
  assert.ok(alarms.every(({ alarm }) => alarm.firedAtMs.length === 0));
  clock.advance(6 * TURN_MS);
  for (const { turns, alarm } of alarms) {
    assert.deepEqual(alarm.firedAtMs, [turns * TURN_MS + 100]);
  }
});

test("TimerWheel sets again what onDue() returns", () => {
  const { clock, wheel } = createWheel();
  const alarm = new Alarm((nowMs) => nowMs + 1_000);
  wheel.schedule(alarm, 1_000);
  clock.advance(3_500);
  assert.deepEqual(alarm.firedAtMs, [1_000, 2_000, 3_000]);
  assert.equal(wheel.size, 1);
});

test("TimerWheel.schedule() replaces the deadline an item has", () => {
  const { clock, wheel } = createWheel();
  const alarm = new Alarm();
  wheel.schedule(alarm, 100);
  wheel.schedule(alarm, 500);
  assert.equal(wheel.size, 1);
  clock.advance(400);
  assert.deepEqual(alarm.firedAtMs, []);
  wheel.schedule(alarm, 450);
  clock.advance(400);
  assert.deepEqual(alarm.firedAtMs, [450]);
});

test("TimerWheel.cancel() clears a deadline, and is harmless without one", () => {
  const { clock, wheel } = createWheel();
  const items = [new Alarm(), new Alarm(), new Alarm(), new Alarm()];
  const [head, middle, tail, stays] = items;
  assert.ok(head && middle && tail && stays);
  // All in one slot: whatever is taken out, its neighbours stay linked.
  for (const item of [tail, stays, middle, head]) wheel.schedule(item, 100);
  for (const item of [middle, head, tail]) wheel.cancel(item);
  wheel.cancel(middle);
  wheel.cancel(new Alarm());
  assert.equal(wheel.size, 1);
  clock.advance(200);
  assert.deepEqual(items.map((it) => it.firedAtMs), [[], [], [], [100]]);
  assert.equal(wheel.size, 0);
});

test("TimerWheel copes with onDue() clearing and moving others of the same slot", () => {
  const { clock, wheel } = createWheel();
  const cleared = new Alarm();
  const moved = new Alarm();
  const movedAround = new Alarm();
  const killer = new Alarm(() => {
    wheel.cancel(cleared);
    wheel.schedule(moved, 1_000);
    wheel.schedule(movedAround, 100 + TURN_MS); // the same slot, a turn later
    return undefined;
  });
  const bystander = new Alarm();
  for (const item of [bystander, cleared, moved, movedAround, killer]) {
    wheel.schedule(item, 100);
  }
  clock.advance(100);
  assert.deepEqual(killer.firedAtMs, [100]);
  assert.deepEqual(bystander.firedAtMs, [100]);
  assert.equal(wheel.size, 2);
  clock.advance(2 * TURN_MS);
  assert.deepEqual(cleared.firedAtMs, []);
  assert.deepEqual(moved.firedAtMs, [1_000]);
  assert.deepEqual(movedAround.firedAtMs, [100 + TURN_MS]);
});

test("TimerWheel copes with onDue() setting its own deadline", () => {
  const { clock, wheel } = createWheel();
  const alarm: Alarm = new Alarm((nowMs) => {
    if (nowMs < 300) wheel.schedule(alarm, nowMs + 100);
    return undefined;
  });
  wheel.schedule(alarm, 100);
  clock.advance(1_000);
  assert.deepEqual(alarm.firedAtMs, [100, 200, 300]);
  assert.equal(wheel.size, 0);
});

test("TimerWheel runs an item that asks for now once a tick, and goes on", () => {
  const { clock, wheel } = createWheel();
  const greedy = new Alarm((nowMs) => nowMs);
  wheel.schedule(greedy, 0);
  clock.advance(1_000);
  assert.equal(greedy.firedAtMs.length, 1_000 / TICK_MS);
});

test("TimerWheel runs everything once after a pause longer than a turn", () => {
  const { clock, wheel } = createWheel();
  const alarms: Alarm[] = [];
  for (let dueMs = 10; dueMs < 3 * TURN_MS; dueMs += 333) {
    const alarm = new Alarm();
    alarms.push(alarm);
    wheel.schedule(alarm, dueMs);
  }
  const later = new Alarm();
  wheel.schedule(later, 10 * TURN_MS);
  clock.stall(4 * TURN_MS + 13);
  assert.ok(alarms.every(({ firedAtMs }) => firedAtMs.length === 1));
  assert.equal(wheel.size, 1);
  clock.advance(7 * TURN_MS);
  assert.deepEqual(later.firedAtMs.length, 1);
});

test("TimerWheel runs the others when one throws, and that one again after a second", () => {
  const { clock, wheel, errors } = createWheel();
  const failure = new Error("no");
  let isBroken = true;
  const broken = new Alarm(() => {
    if (isBroken) throw failure;
    return undefined;
  });
  const items = [new Alarm(), broken, new Alarm()];
  for (const item of items) wheel.schedule(item, 100);
  clock.advance(100);
  assert.ok(items.every(({ firedAtMs }) => firedAtMs.length === 1));
  assert.deepEqual(errors, [failure]);
  isBroken = false;
  clock.advance(2_000);
  assert.deepEqual(broken.firedAtMs, [100, 1_100]);
  assert.equal(wheel.size, 0);
});

test("TimerWheel accounts for 20,000 items set, moved and cleared", () => {
  const { clock, wheel } = createWheel();
  const alarms = Array.from({ length: 20_000 }, () => new Alarm());
  for (const [i, alarm] of alarms.entries()) {
    wheel.schedule(alarm, (i * 37) % TURN_MS);
  }
  assert.equal(wheel.size, 20_000);
  for (const [i, alarm] of alarms.entries()) {
    if (i % 3 === 0) wheel.cancel(alarm);
    if (i % 3 === 1) wheel.schedule(alarm, TURN_MS + i);
  }
  assert.equal(wheel.size, 20_000 - 6_667);
  clock.advance(2 * TURN_MS);
  assert.equal(wheel.size, 0);
  for (const [i, { firedAtMs }] of alarms.entries()) {
    assert.equal(firedAtMs.length, i % 3 === 0 ? 0 : 1, `item ${i}`);
  }
});

test("TimerWheel.stop() ends its only timer", () => {
  const { clock, wheel } = createWheel();
  const alarm = new Alarm();
  wheel.schedule(alarm, 100);
  assert.equal(clock.pendingTimers, 1);
  wheel.stop();
  assert.equal(clock.pendingTimers, 0);
  clock.advance(1_000);
  assert.deepEqual(alarm.firedAtMs, []);
});
