// Deno alone runs this file (bunfig.toml): Bun's node:module has no `stripTypeScriptTypes`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkFloors, countCodeLines } from "../../../tools/check_coverage.ts";

test("countCodeLines() counts what is left of a file without its types and comments", () => {
  const source = `import type { A } from "./a.ts";

/** Doc.
 * More. */
export interface B {
  a: A;
}
export type C = "a" | "b";
// why
export function f(
  x: number,
): number {
  return x; // here
}
`;
  assert.equal(countCodeLines(source), 5);
  assert.equal(countCodeLines("export interface A {\n  a: 1;\n}\n"), 0);
  assert.equal(countCodeLines(""), 0);
});

function sum(folder: string, hit: number) {
  return { folder, lines: 1_000, hit };
}

test("checkFloors() is content at the floors", () => {
  const folders = [
    sum("src/", 800),
    sum("src/hub/", 900),
    sum("src/dispatcher/", 900),
    sum("src/protocol/", 1_000),
    sum("src/runtime/", 0),
  ];
  assert.deepEqual(checkFloors(folders), []);
});

test("checkFloors() names each folder below its floor, and one without a file", () => {
  const folders = [
    sum("src/", 799),
    sum("src/hub/", 899),
    sum("src/protocol/", 950),
  ];
  assert.deepEqual(checkFloors(folders), [
    "Cover src/: 79.9 %, at least 80 %",
    "Cover src/hub/: 89.9 %, at least 90 %",
    "No file in src/dispatcher/",
  ]);
});
