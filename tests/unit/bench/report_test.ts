import assert from "node:assert/strict";
import { test } from "node:test";
import type { Floor } from "../../../bench/floors.ts";
import type { Measure } from "../../../bench/load/job.ts";
import { PARTS } from "../../../bench/parts/mod.ts";
import {
  number,
  renderNoise,
  renderTable,
  renderVerdict,
} from "../../../bench/report.ts";
import { type Round, type Row, rowsOf } from "../../../bench/row.ts";
import type { ServerSpec } from "../../../bench/servers.ts";

const FLOOR: Floor = {
  part: "fan_out",
  server: "hub bun",
  label: "8 in flight",
  figure: "ofBare",
  atLeast: 0.8,
  isForQuick: true,
};

test("number() keeps three digits that count and sets thousands apart", () => {
  assert.equal(number(1_234_567.8), "1,234,568");
  assert.equal(number(12.345), "12.3");
  assert.equal(number(0.012345), "0.0123");
  assert.equal(number(0), "0");
  assert.equal(number(undefined), "");
  assert.equal(number(NaN), "");
});

test("renderVerdict() tells what must be and what is", () => {
  assert.equal(
    renderVerdict(FLOOR, { type: "held", actual: 0.912 }),
    "held    fan_out, hub bun, 8 in flight, ofBare: 0.912, at least 0.8",
  );
  assert.equal(
    renderVerdict(FLOOR, { type: "missed", actual: 0.5 }),
    "missed  fan_out, hub bun, 8 in flight, ofBare: 0.5, at least 0.8",
  );
  assert.equal(
    renderVerdict(FLOOR, { type: "unknown" }),
    "unknown fan_out, hub bun, 8 in flight, ofBare: not measured, at least 0.8",
  );
});

const SERVERS: readonly ServerSpec[] = ["hub", "ceiling"].map((name) => ({
  name,
  command: { program: "none", args: [] },
  dialect: "plain",
}));

const MEASURE: Measure = {
  label: "8 in flight",
  seconds: 1,
  events: 1_000,
  lost: 1,
  duplicated: 2,
  disordered: 3,
  loadCpuSeconds: 0.5,
  serverCpuSeconds: null,
  machineCpuSeconds: null,
  serverGrowthBytes: null,
  latency: [],
};

function rowsOfRound(round: Round): Row[] {
  return rowsOf(PARTS.fan_out, {
    entries: SERVERS.map((server) => ({ server })),
    rounds: [round],
  });
}

test("renderTable() lines up its columns and leaves out those that say nothing", () => {
  const rows = rowsOfRound(
    new Map([
      ["hub", [MEASURE]],
      ["ceiling", [{ ...MEASURE, events: 2_000, lost: 0 }]],
    ]),
  );
  assert.deepEqual(renderTable(PARTS.fan_out, rows).split("\n").slice(2), [
    "server   work           min  median    max  ceiling  load  lost/dup/dis",
    "hub      8 in flight  1,000   1,000  1,000    2,000   50%         1/2/3",
    "ceiling  8 in flight  2,000   2,000  2,000    2,000   50%         0/2/3",
  ]);
});

test("renderNoise() warns where other programs took part, and only there", () => {
  const quiet = { ...MEASURE, serverCpuSeconds: 0.5, machineCpuSeconds: 1.05 };
  assert.equal(
    renderNoise(rowsOfRound(new Map([["hub", [quiet]]]))),
    undefined,
  );
  const noisy = { ...quiet, machineCpuSeconds: 1.75 };
  const rows = rowsOfRound(new Map([["hub", [noisy]], ["ceiling", [quiet]]]));
  assert.match(
    renderNoise(rows) ?? "",
    /^Other programs took up to 75% of a core in 1 of 2 rows/,
  );
});
