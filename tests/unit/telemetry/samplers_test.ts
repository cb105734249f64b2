import assert from "node:assert/strict";
import { test } from "node:test";
import { GcSampler, LoopLagSampler } from "../../../src/telemetry/samplers.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { until } from "../../fakes/until.ts";

/** A clock whose timers a test can make run late. */
class LateClock extends FakeClock {
  lateMs = 0;

  override nowMs(): number {
    return super.nowMs() + this.lateMs;
  }
}

test("LoopLagSampler measures ten times a second how late it is", () => {
  const clock = new LateClock();
  using sampler = new LoopLagSampler(clock);
  clock.advance(1_000);
  assert.equal(sampler.lag.count, 10);
  assert.equal(sampler.lag.sumMs, 0);
  // The loop is busy for 300 ms, once: one sample of 300, the others on time.
  clock.lateMs = 300;
  clock.advance(1_000);
  assert.equal(sampler.lag.count, 20);
  assert.equal(sampler.lag.sumMs, 300);
  const bucket = sampler.lag.boundsMs.indexOf(500);
  assert.equal(sampler.lag.counts[bucket], 1);
});

test("LoopLagSampler takes a timer that comes early for one without lag", () => {
  const clock = new LateClock();
  using sampler = new LoopLagSampler(clock);
  clock.lateMs = 80;
  clock.advance(100);
  // A runtime that keeps to the grid calls 20 ms after the late one.
  clock.lateMs = 0;
  clock.advance(100);
  assert.equal(sampler.lag.count, 2);
  assert.equal(sampler.lag.sumMs, 80);
});

test("LoopLagSampler does not look at the wall clock", () => {
  const clock = new LateClock();
  using sampler = new LoopLagSampler(clock);
  clock.wallOffsetMs -= 3_600_000;
  clock.advance(500);
  clock.wallOffsetMs += 7_200_000;
  clock.advance(500);
  assert.equal(sampler.lag.count, 10);
  assert.equal(sampler.lag.sumMs, 0);
});

test("LoopLagSampler[Symbol.dispose]() stops its timer", () => {
  const clock = new FakeClock();
  const sampler = new LoopLagSampler(clock);
  assert.equal(clock.pendingTimers, 1);
  sampler[Symbol.dispose]();
  sampler[Symbol.dispose]();
  assert.equal(clock.pendingTimers, 0);
  clock.advance(1_000);
  assert.equal(sampler.lag.count, 0);
});

/** Makes garbage, so that the collector has to come. */
function litter(): number {
  let kept = 0;
  for (let i = 0; i < 100_000; i++) {
    kept += Object.keys({ [i % 97]: [i] }).length;
  }
  return kept;
}

test("GcSampler counts collections, until it is disposed of", async () => {
  using witness = new GcSampler();
  const sampler = new GcSampler();
  assert.equal(sampler.cycles, 0);
  await until(() => litter() > 0 && sampler.cycles >= 3, {
    deadlineMs: 20_000,
  });
  sampler[Symbol.dispose]();
  const { cycles } = sampler;
  const seen = witness.cycles;
  await until(() => litter() > 0 && witness.cycles >= seen + 3, {
    deadlineMs: 20_000,
  });
  assert.equal(sampler.cycles, cycles);
});
