import assert from "node:assert/strict";
import { test } from "node:test";
import { ratios, summarize } from "../../../bench/stats.ts";

test("summarize() finds the middle of an odd number of values, whatever their order", () => {
  assert.deepEqual(summarize([9, 1, 5]), { min: 1, median: 5, max: 9 });
  assert.deepEqual(summarize([10, 9, 8, 7, 1_000]), {
    min: 7,
    median: 9,
    max: 1_000,
  });
});

test("summarize() takes the mean of the two in the middle of an even number", () => {
  assert.deepEqual(summarize([4, 1, 3, 2]), { min: 1, median: 2.5, max: 4 });
});

test("summarize() takes one value for all three, and throws for none", () => {
  assert.deepEqual(summarize([3]), { min: 3, median: 3, max: 3 });
  assert.throws(() => summarize([]), RangeError);
});

test("summarize() leaves its argument alone", () => {
  const values = [3, 1, 2];
  summarize(values);
  assert.deepEqual(values, [3, 1, 2]);
});

test("ratios() divides round by round, so that a slow round divides out", () => {
  // The machine was ten times slower in the second round.
  assert.deepEqual(ratios([80, 8, 60], [100, 10, 100]), [0.8, 0.8, 0.6]);
});

test("ratios() leaves out rounds that only one of them has", () => {
  assert.deepEqual(ratios([1, 2, 3], [2, 4]), [0.5, 0.5]);
  assert.deepEqual(ratios([1], [2, 4]), [0.5]);
});
