// Deno alone runs this file (bunfig.toml): the runner is started by Deno, on either side the same.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { ROOT } from "../../../tools/project.ts";

const GREEN = 'import { test } from "node:test"; test("a", () => {});\n';
const RED =
  'import { test } from "node:test"; test("b", () => { throw new Error("boom"); });\n';
const SKIPPED =
  'import { test } from "node:test"; test("c", { skip: "why" }, () => {});\n';
const BROKEN = 'import "./missing.ts";\n';

/** Runs the runner over test files with these texts. */
function runTool(flags: readonly string[], texts: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "hubbub-runner-"));
  try {
    for (const [index, text] of texts.entries()) {
      writeFileSync(join(folder, `t${index}_test.ts`), text);
    }
    const { status, stdout } = spawnSync(
      process.execPath,
      ["run", "-A", "--no-check", "tools/test.ts", ...flags, folder],
      { cwd: ROOT, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
    );
    return { status, stdout, last: stdout.trimEnd().split("\n").at(-1) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("test.ts runs both runtimes and ends with the plain line", () => {
  const { status, last } = runTool([], [GREEN, GREEN, SKIPPED]);
  assert.deepEqual([status, last], [0, "4 passed, 0 failed, 2 skipped"]);
});

test("test.ts repeats a failure before the plain line and exits with 1", () => {
  for (const flag of ["--deno", "--bun"]) {
    const { status, stdout, last } = runTool([flag], [GREEN, RED]);
    assert.deepEqual([status, last], [1, "1 passed, 1 failed"]);
    const repeated = stdout.slice(stdout.indexOf("FAILED on "));
    assert.match(repeated, /t1_test\.ts: b\n.*boom/);
  }
});

test("test.ts fails for a file that cannot be loaded and for no test at all", () => {
  for (const flag of ["--deno", "--bun"]) {
    assert.equal(runTool([flag], [GREEN, BROKEN]).status, 1);
    assert.match(runTool([flag], [GREEN, BROKEN]).last ?? "", /, 1 failed$/);
    assert.deepEqual(runTool([flag], []).last, "0 passed, 1 failed");
    assert.equal(runTool([flag], [SKIPPED]).status, 1);
  }
});
