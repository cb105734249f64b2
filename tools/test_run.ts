import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import process from "node:process";
import { parseJunit } from "./junit.ts";
import { ROOT } from "./project.ts";
import { type RunEnd, type RunReport, summarizeRun } from "./test_report.ts";

/** A run that takes longer is stuck; CI gives both together 15 minutes. */
const RUN_DEADLINE_MS = 13 * 60_000;
/** Bun's own limit for one test is 5 s, Deno has none: the tests bring deadlines of their own. */
const BUN_TEST_TIMEOUT_MS = 120_000;

export const RUNTIMES = ["deno", "bun"] as const;
export type RuntimeName = typeof RUNTIMES[number];

export interface RunOptions {
  /** Files or folders, relative to the project. */
  readonly paths: readonly string[];
  readonly coverage: boolean;
  /** Where the runner's report goes. */
  readonly reportFolder: string;
}

interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

function commandOf(
  runtime: RuntimeName,
  options: { paths: readonly string[]; coverage: boolean; junit: string },
): Command {
  const { paths, coverage, junit } = options;
  switch (runtime) {
    case "deno":
      return {
        program: process.execPath,
        args: [
          "test",
          "-A",
          "--no-check",
          `--junit-path=${junit}`,
          ...(coverage ? ["--coverage=coverage/deno"] : []),
          ...paths,
        ],
      };
    case "bun":
      return {
        // By path: a task of Deno would run a package's binary as JavaScript.
        program: join(ROOT, "node_modules/.bin/bun"),
        args: [
          "test",
          `--timeout=${BUN_TEST_TIMEOUT_MS}`,
          "--reporter=junit",
          `--reporter-outfile=${junit}`,
          ...(coverage
            ? [
              "--coverage",
              "--coverage-reporter=lcov",
              "--coverage-dir=coverage/bun",
            ]
            : []),
          // Without the dot Bun takes a path for a part of a name.
          ...paths.map((path) => isAbsolute(path) ? path : `./${path}`),
        ],
      };
  }
}

/** Runs the tests on one runtime, their output passed on as it comes. */
export async function runTests(
  runtime: RuntimeName,
  options: RunOptions,
): Promise<RunReport> {
  const { paths, coverage, reportFolder } = options;
  const junit = join(reportFolder, `${runtime}.xml`);
  if (coverage) {
    rmSync(join(ROOT, "coverage", runtime), { recursive: true, force: true });
  }
  console.log(`\n== ${runtime} ==`);
  const end = await run(commandOf(runtime, { paths, coverage, junit }), {
    deadlineMs: RUN_DEADLINE_MS,
  });
  const cases = existsSync(junit)
    ? parseJunit(readFileSync(junit, "utf8"))
    : [];
  return summarizeRun(runtime, { cases, end });
}

/** Runs a program in a process group of its own, which is killed whole at the deadline or with this process. */
export function run(
  { program, args }: Command,
  { deadlineMs }: { readonly deadlineMs: number },
): Promise<RunEnd> {
  const child = spawn(program, [...args], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
  });
  let isOverdue = false;
  function killGroup() {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group is gone already, which is what was wanted.
    }
  }
  function interrupt() {
    killGroup();
    process.exit(130);
  }
  const deadline = setTimeout(() => {
    isOverdue = true;
    killGroup();
  }, deadlineMs);
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return new Promise<RunEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      resolve({ exitCode: code ?? undefined, isOverdue });
    });
  }).finally(() => {
    clearTimeout(deadline);
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    // What a test left running must not outlive the run.
    killGroup();
  });
}
