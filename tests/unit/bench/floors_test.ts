import assert from "node:assert/strict";
import { test } from "node:test";
import { type Floor, FLOORS, judge } from "../../../bench/floors.ts";
import { PARTS } from "../../../bench/parts/mod.ts";
import { parseOptions } from "../../../bench/options.ts";
import type { Row } from "../../../bench/row.ts";

const ONE = { min: 1, median: 1, max: 1 };

function row(changes: Partial<Row>): Row {
  return {
    part: "scale",
    server: "hub bun",
    label: "",
    unit: "",
    samples: [1],
    value: ONE,
    ofBare: undefined,
    ofSocketIo: undefined,
    ceiling: undefined,
    loadBusy: ONE,
    serverBusy: ONE,
    othersBusy: ONE,
    serverCost: ONE,
    costOfBare: undefined,
    p50Ms: 1,
    p99Ms: 1,
    lost: 0,
    duplicated: 0,
    disordered: 0,
    ...changes,
  };
}

function floor(changes: Partial<Floor>): Floor {
  return {
    part: "scale",
    server: "hub bun",
    figure: "value",
    isForQuick: true,
    ...changes,
  };
}

test("judge() compares the median of the rounds", () => {
  const rows = [row({ value: { min: 1, median: 5, max: 9 } })];
  assert.deepEqual(judge(floor({ atLeast: 5 }), rows), {
    type: "held",
    actual: 5,
  });
  assert.deepEqual(judge(floor({ atLeast: 5.1 }), rows), {
    type: "missed",
    actual: 5,
  });
  assert.equal(judge(floor({ atMost: 5 }), rows).type, "held");
  assert.equal(judge(floor({ atMost: 4.9 }), rows).type, "missed");
});

test("judge() looks at the floor's own part, server and label", () => {
  const rows = [
    row({ label: "1 in flight", value: { min: 1, median: 1, max: 1 } }),
    row({ label: "8 in flight", value: { min: 2, median: 2, max: 2 } }),
    row({ server: "hub deno", value: { min: 3, median: 3, max: 3 } }),
    row({ part: "connect", value: { min: 4, median: 4, max: 4 } }),
  ];
  const two = judge(floor({ label: "8 in flight", atLeast: 0 }), rows);
  assert.deepEqual(two, { type: "held", actual: 2 });
  const worst = judge(floor({ atLeast: 0 }), rows);
  assert.deepEqual(worst, { type: "held", actual: 1 });
  assert.deepEqual(judge(floor({ atMost: 9 }), rows), {
    type: "held",
    actual: 2,
  });
});

test("judge() never lets pass what was not measured", () => {
  assert.deepEqual(judge(floor({ atMost: 1 }), []), { type: "unknown" });
  const nobodyKnows = row({ value: { min: NaN, median: NaN, max: NaN } });
  assert.equal(judge(floor({ atMost: 1 }), [nobodyKnows]).type, "missed");
  const ofBare = floor({ figure: "ofBare", atLeast: 0.5 });
  assert.equal(judge(ofBare, [row({})]).type, "missed");
});

test("judge() takes a single lost message for a miss", () => {
  for (const figure of ["lost", "duplicated", "disordered"] as const) {
    const strict = floor({ figure, atMost: 0 });
    assert.equal(judge(strict, [row({})]).type, "held");
    assert.equal(judge(strict, [row({ [figure]: 1 })]).type, "missed");
  }
});

test("FLOORS are of servers and labels that are measured", () => {
  const options = parseOptions([]);
  for (const { part, server, label, atLeast, atMost } of FLOORS) {
    const { [part]: { entries, work } } = PARTS;
    const names = entries(options).map((entry) => entry.server.name);
    assert.ok(names.includes(server), `${part}: ${server}`);
    const labels = work(options).inFlight.map((count) => `${count} in flight`);
    if (label !== undefined) assert.ok(labels.includes(label), label);
    assert.ok((atLeast === undefined) !== (atMost === undefined));
  }
});
