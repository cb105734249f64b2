import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import {
  checkSizes,
  countLines,
  type SizeReport,
} from "../../../tools/check_size.ts";

/** Checks a project made of files with so many lines each. */
function check(files: Readonly<Record<string, number>>): SizeReport {
  const root = `${mkdtempSync(join(tmpdir(), "hubbub-size-"))}/`;
  try {
    for (const [path, lines] of Object.entries({ "README.md": 1, ...files })) {
      mkdirSync(dirname(root + path), { recursive: true });
      writeFileSync(root + path, "x\n".repeat(lines));
    }
    return checkSizes(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("countLines() counts lines as an editor does", () => {
  assert.equal(countLines(""), 0);
  assert.equal(countLines("a"), 1);
  assert.equal(countLines("a\n"), 1);
  assert.equal(countLines("a\nb"), 2);
  assert.equal(countLines("\n\n"), 2);
});

test("checkSizes() lists files above 300 lines and fails those above 400", () => {
  const report = check({
    "main.ts": 300,
    "src/a.ts": 301,
    "src/http/page.html": 400,
    "tests/unit/b_test.ts": 401,
    "tools/c.js": 1_000,
  });
  assert.deepEqual(report, {
    problems: [
      "Split tests/unit/b_test.ts: 401 lines, at most 400",
      "Split tools/c.js: 1000 lines, at most 400",
    ],
    reviews: [
      "src/a.ts: 301 lines, look at it above 300",
      "src/http/page.html: 400 lines, look at it above 300",
    ],
  });
});

test("checkSizes() passes over what is not source or not ours", () => {
  const report = check({
    "node_modules/a/a.js": 5_000,
    "dist/hubbub.js": 5_000,
    "coverage/a.html": 5_000,
    "docs/long.md": 5_000,
    "deno.lock": 5_000,
  });
  assert.deepEqual(report, { problems: [], reviews: [] });
});

test("checkSizes() holds README.md to 120 lines", () => {
  assert.deepEqual(check({ "README.md": 120 }).problems, []);
  assert.deepEqual(check({ "README.md": 121 }).problems, [
    "Shorten README.md: 121 lines, at most 120",
  ]);
});
