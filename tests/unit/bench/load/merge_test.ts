import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measure } from "../../../../bench/load/job.ts";
import { mergeMeasures } from "../../../../bench/load/merge.ts";

function measure(changes: Partial<Measure>): Measure {
  return {
    label: "x",
    seconds: 1,
    events: 10,
    lost: 0,
    duplicated: 0,
    disordered: 0,
    loadCpuSeconds: 0.5,
    serverCpuSeconds: 0.5,
    machineCpuSeconds: 0.5,
    serverGrowthBytes: 100,
    latency: [[1, 10]],
    ...changes,
  };
}

test("mergeMeasures() adds up what each process did, and not what all of them saw", () => {
  const first = measure({ lost: 1, duplicated: 2, disordered: 3 });
  const second = measure({
    seconds: 1.5,
    events: 20,
    lost: 10,
    loadCpuSeconds: 0.25,
    serverCpuSeconds: 0.75,
    machineCpuSeconds: 0.75,
    serverGrowthBytes: 80,
    latency: [[1, 5], [9, 15]],
  });
  assert.deepEqual(mergeMeasures([first, second]), {
    label: "x",
    seconds: 1.5,
    events: 30,
    lost: 11,
    duplicated: 2,
    disordered: 3,
    loadCpuSeconds: 0.75,
    serverCpuSeconds: 0.75,
    machineCpuSeconds: 0.75,
    serverGrowthBytes: 100,
    latency: [[1, 15], [9, 15]],
  });
});

test("mergeMeasures() leaves one process's alone", () => {
  assert.deepEqual(mergeMeasures([measure({})]), measure({}));
});

test("mergeMeasures() does not know what nobody knows", () => {
  const unknown = measure({ serverCpuSeconds: null, serverGrowthBytes: null });
  const merged = mergeMeasures([unknown, unknown]);
  assert.equal(merged.serverCpuSeconds, null);
  assert.equal(merged.serverGrowthBytes, null);
});
