import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../../tools/test_run.ts";
import type { RunEnd } from "../../../tools/test_report.ts";

function runShell(script: string, deadlineMs = 10_000): Promise<RunEnd> {
  return run({ program: "sh", args: ["-c", script] }, { deadlineMs });
}

/** Runs a script that has a pipe at descriptor 3; `heard` is what came through until all its writers were gone. */
async function runWithPipe(
  script: string,
  deadlineMs?: number,
): Promise<{ end: RunEnd; heard: string }> {
  const folder = mkdtempSync(join(tmpdir(), "hubbub-run-"));
  try {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const heard = readFile(pipe, "utf8");
    const end = await runShell(`exec 3>"${pipe}"; ${script}`, deadlineMs);
    return { end, heard: await heard };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const SURVIVOR = "(echo started >&3; sleep 10; echo survived >&3) &";

test("run() tells the exit code", async () => {
  assert.deepEqual(await runShell("exit 0"), { exitCode: 0, isOverdue: false });
  assert.deepEqual(await runShell("exit 7"), { exitCode: 7, isOverdue: false });
  assert.deepEqual(await runShell("kill -KILL $$"), {
    exitCode: undefined,
    isOverdue: false,
  });
});

test("run() kills the program and what it started at the deadline", async () => {
  assert.deepEqual(await runWithPipe(`${SURVIVOR} wait`, 300), {
    end: { exitCode: undefined, isOverdue: true },
    heard: "started\n",
  });
});

test("run() kills what a program leaves running", async () => {
  const { end, heard } = await runWithPipe(SURVIVOR);
  assert.deepEqual(end, { exitCode: 0, isOverdue: false });
  assert.doesNotMatch(heard, /survived/);
});

test("run() rejects where the program cannot be started", async () => {
  await assert.rejects(
    run({ program: "/no/such/program", args: [] }, { deadlineMs: 10_000 }),
    /ENOENT/,
  );
});
