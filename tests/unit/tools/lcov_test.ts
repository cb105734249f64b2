import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addLcov,
  type Coverage,
  percentOf,
  summarize,
} from "../../../tools/lcov.ts";

const DENO = `SF:/p/src/hub/a.ts
FN:1,f
FNDA:2,f
BRDA:24,1,0,1
DA:1,2
DA:2,0
DA:3,0
LH:1
LF:3
end_of_record
SF:/p/src/errors.ts
DA:7,1
end_of_record
`;
const BUN = `TN:
SF:src/hub/a.ts
FNF:1
DA:1,1
DA:2,4
LF:2
end_of_record
SF:src/runtime/bun/mod.ts
DA:5,1
DA:6,0
end_of_record`;

function merge(...texts: string[]): Coverage {
  const coverage: Coverage = new Map();
  for (const text of texts) addLcov(coverage, { text, root: "/p/" });
  return coverage;
}

test("addLcov() adds up the lines of both runtimes by path in the project", () => {
  assert.deepEqual(
    merge(DENO, BUN),
    new Map([
      ["src/hub/a.ts", new Map([[1, 3], [2, 4], [3, 0]])],
      ["src/errors.ts", new Map([[7, 1]])],
      ["src/runtime/bun/mod.ts", new Map([[5, 1], [6, 0]])],
    ]),
  );
});

test("addLcov() reads rows that end in CR LF", () => {
  const coverage = merge("SF:src/a.ts\r\nDA:1,1\r\nend_of_record\r\n");
  assert.deepEqual(coverage, new Map([["src/a.ts", new Map([[1, 1]])]]));
});

test("summarize() counts a file towards every folder above it, an unseen one as not run", () => {
  const folders = summarize(merge(DENO, BUN), {
    files: [
      "src/errors.ts",
      "src/hub/a.ts",
      "src/hub/never.ts",
      "src/runtime/bun/mod.ts",
    ],
    countUnseen: (file) => file === "src/hub/never.ts" ? 10 : 1_000,
  });
  assert.deepEqual(folders, [
    { folder: "src/", lines: 16, hit: 4 },
    { folder: "src/hub/", lines: 13, hit: 2 },
    { folder: "src/runtime/", lines: 2, hit: 1 },
    { folder: "src/runtime/bun/", lines: 2, hit: 1 },
  ]);
});

test("summarize() leaves out what a report names besides the files", () => {
  const coverage = merge("SF:tests/fakes/a.ts\nDA:1,1\nend_of_record\n");
  assert.deepEqual(
    summarize(coverage, { files: [], countUnseen: () => 0 }),
    [],
  );
});

test("percentOf() is 100 where there is no line to run", () => {
  assert.equal(percentOf({ folder: "src/", lines: 0, hit: 0 }), 100);
  assert.equal(percentOf({ folder: "src/", lines: 8, hit: 2 }), 25);
});
