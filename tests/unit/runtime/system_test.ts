import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { runtime } from "#runtime";
import { ROOT } from "../../../tools/project.ts";
import {
  type Command,
  Program,
  runProgram,
  RUNTIME,
  scriptCommand,
} from "../../fakes/program.ts";
import { until } from "../../fakes/until.ts";

function programCommand(...args: string[]): Command {
  const { program, args: script } = scriptCommand(
    join(ROOT, "tests/fakes/runtime_program.ts"),
  );
  return { program, args: [...script, ...args] };
}

test("runtime tells its name, version and process", () => {
  assert.equal(runtime.name, RUNTIME);
  assert.match(runtime.version, /^\d+\.\d+\.\d+/);
  assert.equal(runtime.pid, process.pid);
});

test("args hold what stands behind the program's name", async () => {
  const { program } = await runProgram(
    programCommand("args", "--config", "a b.yaml"),
  );
  assert.deepEqual(program.stdout, ['["--config","a b.yaml"]']);
});

test("env() is a copy of the environment as it is now", () => {
  process.env.HUBBUB_TEST_ONLY = "now";
  try {
    const env = runtime.env();
    assert.equal(env.HUBBUB_TEST_ONLY, "now");
    process.env.HUBBUB_TEST_ONLY = "later";
    assert.equal(env.HUBBUB_TEST_ONLY, "now");
  } finally {
    delete process.env.HUBBUB_TEST_ONLY;
  }
  assert.equal(runtime.env().HUBBUB_TEST_ONLY, undefined);
});

test("readTextFile() reads UTF-8, and rejects where there is no file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hubbub-test-"));
  const path = join(folder, "text");
  writeFileSync(path, "h\u00e9\n");
  assert.equal(await runtime.readTextFile(path), "h\u00e9\n");
  rmSync(folder, { recursive: true });
  await assert.rejects(runtime.readTextFile(path));
});

test("importModule() loads a path relative to the working directory", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hubbub-test-"));
  // Characters that mean something in a URL.
  const path = join(folder, "a b#c.ts");
  writeFileSync(path, "export const answer: number = 42;\n");
  try {
    for (const name of [path, relative(process.cwd(), path)]) {
      const module = await runtime.importModule(name);
      assert.equal(Object(module).answer, 42);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  await assert.rejects(runtime.importModule(join(folder, "none.ts")));
});

test("memory() and cpuSeconds() measure this process", () => {
  const { rssBytes, heapUsedBytes, heapTotalBytes } = runtime.memory();
  assert.ok(rssBytes > 1024 * 1024);
  // Bun counts as used what it does not count as total.
  assert.ok(heapUsedBytes > 0 && heapTotalBytes > 0);
  const before = runtime.cpuSeconds();
  const until = performance.now() + 50;
  while (performance.now() < until);
  const used = runtime.cpuSeconds() - before;
  assert.ok(used > 0.005 && used < 10, `${used} s`);
});

test("writeStdout() has written all before exit() ends the process with its code", async () => {
  const { exit, program } = await runProgram(programCommand("output"));
  assert.equal(exit.code, 3);
  assert.equal(program.stdout.length, 1);
  assert.equal(program.stdout[0]?.length, 3_000_000);
  assert.deepEqual(program.stderr, ["the end"]);
});

test("onUncaught() hears errors of timers and promises, and the process goes on", async () => {
  const { exit, program } = await runProgram(programCommand("uncaught"));
  assert.deepEqual(program.stdout, ["deferred,promise,timer"], program.output);
  assert.equal(exit.code, 0);
});

test("onSignal() hears a signal until it is stopped", async () => {
  await using program = await Program.start(programCommand("signals"));
  for (const line of ["ready", "SIGHUP", "SIGHUP again"]) {
    await until(() => program.stdout.includes(line), {
      deadlineMs: 20_000,
      describe: () => program.output,
    });
    program.kill("SIGHUP");
  }
  program.kill("SIGTERM");
  const { code } = await program.waitForExit();
  assert.equal(code, 5);
  assert.equal(program.stdout.filter((line) => line === "SIGHUP").length, 1);
});
