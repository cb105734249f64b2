import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measure } from "../../../bench/load/job.ts";
import { type Entry, type Part, perSecond } from "../../../bench/part.ts";
import { PARTS } from "../../../bench/parts/mod.ts";
import { type Round, rowsOf } from "../../../bench/row.ts";
import type { ServerSpec } from "../../../bench/servers.ts";

const PART: Part = { ...PARTS.fan_out, value: perSecond };

function server(name: string): ServerSpec {
  return { name, command: { program: "none", args: [] }, dialect: "plain" };
}

function measure(changes: Partial<Measure>): Measure {
  return {
    label: "",
    seconds: 2,
    events: 100,
    lost: 0,
    duplicated: 0,
    disordered: 0,
    loadCpuSeconds: 1,
    serverCpuSeconds: 0.5,
    machineCpuSeconds: 0.5,
    serverGrowthBytes: 0,
    latency: [[10, 99], [20, 1]],
    ...changes,
  };
}

const ENTRIES: readonly Entry[] = [
  { server: server("hub"), bare: "bare" },
  { server: server("bare") },
  { server: server("socket.io") },
  { server: server("ceiling") },
];

function round(events: Readonly<Record<string, number>>): Round {
  return new Map(
    Object.entries(events).map((
      [name, count],
    ) => [name, [measure({ events: count })]]),
  );
}

test("rowsOf() compares within each round, not between medians", () => {
  const rounds = [
    round({ hub: 80, bare: 100, "socket.io": 10, ceiling: 200 }),
    // All of the machine was ten times slower here.
    round({ hub: 8, bare: 10, "socket.io": 1, ceiling: 20 }),
    round({ hub: 900, bare: 1_000, "socket.io": 100, ceiling: 2_000 }),
  ];
  const [hub, bare] = rowsOf(PART, { entries: ENTRIES, rounds });
  assert.deepEqual(hub?.samples, [40, 4, 450]);
  assert.deepEqual(hub?.value, { min: 4, median: 40, max: 450 });
  assert.deepEqual(hub?.ofBare, { min: 0.8, median: 0.8, max: 0.9 });
  assert.deepEqual(hub?.ofSocketIo, { min: 8, median: 8, max: 9 });
  assert.deepEqual(hub?.ceiling, { min: 10, median: 100, max: 1_000 });
  assert.equal(bare?.ofBare, undefined);
});

test("rowsOf() tells cost, load and latency", () => {
  const rounds: Round[] = [
    new Map([
      ["hub", [measure({ serverCpuSeconds: 0.5 })]],
      ["bare", [measure({ serverCpuSeconds: 0.25 })]],
    ]),
  ];
  const [hub] = rowsOf(PART, { entries: ENTRIES, rounds });
  assert.equal(hub?.serverCost.median, 5_000);
  assert.equal(hub?.costOfBare?.median, 0.5);
  assert.equal(hub?.loadBusy.median, 0.5);
  assert.equal(hub?.serverBusy.median, 0.25);
  assert.equal(hub?.p50Ms, 0.01);
  assert.equal(hub?.p99Ms, 0.01);
});

test("rowsOf() takes percentiles of all turns together", () => {
  const quick = measure({ latency: [[10, 990]] });
  const slow = measure({ latency: [[90, 20]] });
  const none = measure({ latency: [] });
  const rounds: Round[] = [new Map([["hub", [quick, none, slow]]])];
  const [hub] = rowsOf(PART, { entries: ENTRIES, rounds });
  assert.equal(hub?.p50Ms, 0.01);
  assert.equal(hub?.p99Ms, 0.09);
});

test("rowsOf() tells what other programs took, in cores", () => {
  const rounds: Round[] = [
    new Map([["hub", [measure({ machineCpuSeconds: 2.5 })]]]),
  ];
  // Of 2.5 s in 2 s, the load took 1 and the server 0.5.
  const [hub] = rowsOf(PART, { entries: ENTRIES, rounds });
  assert.equal(hub?.othersBusy.median, 0.5);
});

test("rowsOf() adds up what may not happen, over all rounds", () => {
  const rounds: Round[] = [0, 1].map((lost) =>
    new Map([[
      "hub",
      [measure({ lost, duplicated: 2 * lost, disordered: 3 * lost })],
    ]])
  );
  const [hub] = rowsOf(PART, { entries: ENTRIES, rounds });
  assert.deepEqual([hub?.lost, hub?.duplicated, hub?.disordered], [1, 2, 3]);
});

test("rowsOf() has a row for each label, compared with its like", () => {
  const rounds: Round[] = [
    new Map([
      ["hub", [
        measure({ label: "1", events: 10 }),
        measure({ label: "8", events: 60 }),
      ]],
      ["bare", [
        measure({ label: "1", events: 20 }),
        measure({ label: "8", events: 80 }),
      ]],
    ]),
  ];
  const rows = rowsOf(PART, { entries: ENTRIES, rounds });
  assert.deepEqual(
    rows.map(({ server, label, ofBare }) => [server, label, ofBare?.median]),
    [
      ["hub", "1", 0.5],
      ["hub", "8", 0.75],
      ["bare", "1", undefined],
      ["bare", "8", undefined],
    ],
  );
});

test("rowsOf() takes every turn of a label for a sample, compared with the same turn", () => {
  const rounds: Round[] = [[10, 20], [30]].map((turns) =>
    new Map([
      ["hub", turns.map((events) => measure({ label: "1", events }))],
      [
        "bare",
        turns.map((events) => measure({ label: "1", events: events + 10 })),
      ],
    ])
  );
  const [hub] = rowsOf(PART, { entries: ENTRIES, rounds });
  assert.deepEqual(hub?.samples, [5, 10, 15]);
  assert.deepEqual(hub?.ofBare, { min: 0.5, median: 20 / 30, max: 0.75 });
});

test("rowsOf() leaves open what a system does not tell", () => {
  const rounds: Round[] = [
    new Map([["hub", [measure({ serverCpuSeconds: null })]]]),
  ];
  const [hub] = rowsOf(PART, { entries: ENTRIES, rounds });
  assert.ok(Number.isNaN(hub?.serverCost.median));
  assert.equal(hub?.ofBare, undefined);
  assert.equal(hub?.ceiling, undefined);
});
