import assert from "node:assert/strict";
import { test } from "node:test";
import { LatencyHistogram } from "../../../bench/latency_histogram.ts";

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

test("percentileMs() is exact below 128 µs", () => {
  const histogram = histogramOf(Array.from({ length: 100 }, (_, i) => i + 1));
  assert.equal(histogram.percentileMs(0.5), 0.05);
  assert.equal(histogram.percentileMs(0.99), 0.099);
  assert.equal(histogram.percentileMs(1), 0.1);
});

test("percentileMs() is never too small, and too large by 1.6 percent at most", () => {
  for (let us = 1; us < 2 ** 31; us = Math.ceil(us * 1.37)) {
    const ms = histogramOf([us]).percentileMs(0.99);
    assert.ok(ms >= us / 1_000, `${us} µs: ${ms} ms`);
    assert.ok(ms <= us / 1_000 * 1.016, `${us} µs: ${ms} ms`);
  }
});

test("percentileMs() tells a late few from the many", () => {
  const values = Array.from({ length: 1_000 }, () => 100);
  values.fill(50_000, 0, 11);
  const histogram = histogramOf(values);
  assert.equal(histogram.percentileMs(0.5), 0.1);
  assert.ok(histogram.percentileMs(0.99) >= 50);
  assert.equal(histogramOf(values.fill(100, 0, 2)).percentileMs(0.99), 0.1);
});

test("percentileMs() of nothing is NaN", () => {
  assert.ok(Number.isNaN(new LatencyHistogram().percentileMs(0.99)));
});

test("record() takes what no clock should give", () => {
  const histogram = histogramOf([-5, 0.4, 2 ** 40]);
  assert.equal(histogram.count, 3);
  assert.equal(histogram.percentileMs(0.5), 0);
  assert.ok(histogram.percentileMs(1) >= 2 ** 31 / 1_000 * 0.98);
});

test("add() gives what one histogram of all values would", () => {
  const first = [10, 200, 3_000, 3_001];
  const second = [10, 40_000, 5_000_000];
  const merged = histogramOf(first);
  merged.add(histogramOf(second).buckets());
  const whole = histogramOf([...first, ...second]);
  assert.deepEqual(merged.buckets(), whole.buckets());
  assert.equal(merged.count, 7);
});
