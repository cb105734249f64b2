import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOptions, PART_NAMES } from "../../../bench/options.ts";

test("parseOptions() measures everything where nothing is named", () => {
  assert.deepEqual(parseOptions([]), {
    parts: PART_NAMES,
    runtimes: ["deno", "bun"],
    rounds: 3,
    connections: 10_000,
    isQuick: false,
    budgetMs: 720_000,
    isChecked: false,
    jsonPath: undefined,
  });
});

test("parseOptions() reads parts and options in any order", () => {
  const options = parseOptions([
    "direct",
    "--runtime=bun",
    "--rounds",
    "7",
    "fan_out",
    "--check",
    "--json",
    "out.json",
    "--connections=19000",
  ]);
  assert.deepEqual(options.parts, ["fan_out", "direct"]);
  assert.deepEqual(options.runtimes, ["bun"]);
  assert.equal(options.rounds, 7);
  assert.equal(options.connections, 19_000);
  assert.equal(options.isChecked, true);
  assert.equal(options.jsonPath, "out.json");
});

test("parseOptions() makes a quick run small, unless told otherwise", () => {
  const quick = parseOptions(["--quick"]);
  assert.deepEqual([quick.rounds, quick.connections], [1, 2_000]);
  const asked = parseOptions(["--quick", "--rounds=2", "--connections=500"]);
  assert.deepEqual([asked.rounds, asked.connections], [2, 500]);
});

test("parseOptions() throws for what it does not know, and names it", () => {
  assert.throws(() => parseOptions(["fanout"]), /part "fanout"/);
  assert.throws(() => parseOptions(["--fast"]), /--fast/);
  assert.throws(() => parseOptions(["--runtime=node"]), /node/);
  for (const rounds of ["0", "-1", "1.5", "x", "", "101"]) {
    assert.throws(() => parseOptions([`--rounds=${rounds}`]), /--rounds/);
  }
  assert.throws(() => parseOptions(["--connections=20000"]), /--connections/);
});
