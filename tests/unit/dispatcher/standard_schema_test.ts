import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldProblems } from "../../../src/dispatcher/standard_schema.ts";

test("fieldProblems() writes paths with dots, whatever form they come in", () => {
  assert.deepEqual(
    fieldProblems([
      { message: "a", path: ["x", 0, "y"] },
      { message: "b", path: [{ key: "x" }, { key: 1 }] },
      { message: "c", path: [] },
      { message: "d" },
      { message: "e", path: [Symbol("s")] },
    ]),
    [
      { field: "x.0.y", problem: "a" },
      { field: "x.1", problem: "b" },
      { field: "", problem: "c" },
      { field: "", problem: "d" },
      { field: "Symbol(s)", problem: "e" },
    ],
  );
});

test("fieldProblems() shows five of many", () => {
  const issues = Array.from({ length: 1_000 }, (_, i) => ({ message: `${i}` }));
  assert.deepEqual(
    fieldProblems(issues).map(({ problem }) => problem),
    ["0", "1", "2", "3", "4"],
  );
});
