import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOSES, ERRORS } from "../../../src/errors.ts";
import {
  CellTable,
  Histogram,
  HubCounters,
} from "../../../src/hub/counters.ts";

test("CellTable.of() gives the same cell for the same key", () => {
  const table = new CellTable({ keys: [], rest: "other", maxKeys: 10 });
  const cell = table.of("ping");
  cell.count += 2;
  table.of("ping").count++;
  table.of(4001).count += 5;
  table.of("4001").count++;
  assert.equal(table.of("ping"), cell);
  assert.deepEqual([...table.entries()], [
    ["ping", 3],
    ["4001", 6],
    ["other", 0],
  ]);
});

test("CellTable.of() never holds more keys than it may, whatever it is asked", () => {
  const table = new CellTable({ keys: ["a"], rest: "other", maxKeys: 3 });
  for (let i = 0; i < 10_000; i++) table.of(`key ${i}`).count++;
  table.of("a").count++;
  table.of("other").count++;
  assert.deepEqual([...table.entries()], [
    ["a", 1],
    ["key 0", 1],
    ["key 1", 1],
    ["other", 9_999],
  ]);
});

test("CellTable.of() takes keys that objects have by themselves", () => {
  const table = new CellTable({ keys: [], rest: "other", maxKeys: 10 });
  for (const key of ["__proto__", "constructor", "toString"]) {
    table.of(key).count++;
    assert.equal(table.of(key).count, 1);
  }
});

test("CellTable reports its first keys before anything is counted", () => {
  const table = new CellTable({ keys: [1, 2], rest: "other", maxKeys: 2 });
  assert.deepEqual([...table.entries()], [["1", 0], ["2", 0], ["other", 0]]);
});

test("Histogram.observe() puts a value into the first bucket that holds it", () => {
  const histogram = new Histogram([1, 5, 10]);
  for (const value of [0, 0.5, 1, 1.01, 5, 9.99, 10, 10.01, 1e9]) {
    histogram.observe(value);
  }
  assert.deepEqual([...histogram.counts], [3, 2, 2, 2]);
  assert.equal(histogram.count, 9);
});

test("Histogram.observe() adds many values of one size at once", () => {
  const histogram = new Histogram([1, 5]);
  histogram.observe(3, 1_000);
  histogram.observe(0.5, 2);
  assert.deepEqual([...histogram.counts], [2, 1_000, 0]);
  assert.equal(histogram.count, 1_002);
  assert.equal(histogram.sumMs, 3_001);
});

test("Histogram.observe() counts a value below zero as zero", () => {
  const histogram = new Histogram([1, 5]);
  histogram.observe(-3, 2);
  histogram.observe(NaN);
  assert.deepEqual([...histogram.counts], [3, 0, 0]);
  assert.equal(histogram.sumMs, 0);
  assert.equal(histogram.count, 3);
});

test("HubCounters has a cell for every registered error and close code", () => {
  const counters = new HubCounters();
  for (const { code } of Object.values(ERRORS)) {
    assert.notEqual(counters.errors.of(code), counters.errors.rest);
  }
  for (const { code } of Object.values(CLOSES)) {
    const { connectionsClosed } = counters;
    assert.notEqual(connectionsClosed.of(code), connectionsClosed.rest);
  }
});

test("HubCounters counts codes a peer made up together", () => {
  const { connectionsClosed } = new HubCounters();
  const keys = [...connectionsClosed.entries()].length;
  for (let code = 3_000; code < 4_000; code++) {
    connectionsClosed.of(code).count++;
  }
  assert.equal(connectionsClosed.rest.count, 1_000);
  assert.equal([...connectionsClosed.entries()].length, keys);
});

test("HubCounters counts at most 256 message types by name", () => {
  const { messagesOut } = new HubCounters();
  for (let i = 0; i < 300; i++) messagesOut.of(`type ${i}`).count++;
  assert.equal([...messagesOut.entries()].length, 257);
  assert.equal(messagesOut.rest.count, 300 - 256);
});
