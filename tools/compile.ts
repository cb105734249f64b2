/**
 * Builds single binaries into dist/: `hubbub` (Deno), beside the bundle it is made from, which
 * `deno run` takes too, and `hubbub-bun` (Bun).
 *
 *     deno run -A tools/compile.ts [--deno] [--bun]
 *
 * Neither named: both. The exit code is 1 for a build that failed. Where Deno's compile runtime
 * cannot be downloaded, the build step of Deno's binary is tried all the same, and what was not
 * made is said.
 */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { ROOT } from "./project.ts";

const DIST = join(ROOT, "dist");
const PERMISSIONS = [
  "--allow-net",
  "--allow-env",
  "--allow-read",
  "--allow-sys=hostname",
];
/** The build alone takes seconds; the rest is for a download. */
const STEP_DEADLINE_MS = 5 * 60_000;

interface StepOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface StepResult {
  readonly isOk: boolean;
  readonly stderr: string;
}

function step(
  program: string,
  args: readonly string[],
  options: StepOptions = {},
): StepResult {
  const { cwd = ROOT, env = {} } = options;
  console.log(`$ ${program} ${args.join(" ")}`);
  const { error, status, stderr } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "pipe"],
    encoding: "utf8",
    timeout: STEP_DEADLINE_MS,
  });
  if (error !== undefined) {
    console.error(`Cannot run ${program}: ${error.message}`);
    return { isOk: false, stderr: "" };
  }
  console.error(stderr.trimEnd());
  return { isOk: status === 0, stderr };
}

/** Whether `deno compile` failed only for want of its runtime, which it downloads. */
export function lacksCompileRuntime(stderr: string): boolean {
  return /Download \S*\/denort-/.test(stderr) &&
    stderr.includes("Setting up base binary");
}

/** Where to build a file of dist/; an older one is gone, lest it pass for what was made now. */
function fresh(name: string): string {
  const path = join(DIST, name);
  rmSync(path, { force: true });
  return path;
}

/** Bundles first, and compiles out of sight of package.json: prom-client there overflows the stack of `deno compile`. */
function compileDeno(): boolean {
  const bundle = fresh("hubbub.js");
  const bundled = step(process.execPath, [
    "bundle",
    "--platform=deno",
    `--output=${bundle}`,
    "main.ts",
  ]);
  if (!bundled.isOk) return false;
  const folder = mkdtempSync(join(tmpdir(), "hubbub-compile-"));
  try {
    copyFileSync(bundle, join(folder, "hubbub.js"));
    return compileBundle(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compileBundle(folder: string): boolean {
  function compile(output: string, env: Readonly<Record<string, string>> = {}) {
    const args = ["compile", ...PERMISSIONS, `--output=${output}`, "hubbub.js"];
    return step(process.execPath, args, { cwd: folder, env });
  }
  const output = fresh("hubbub");
  const { isOk, stderr } = compile(output);
  if (isOk) {
    console.log(`Made ${output}`);
    return true;
  }
  if (!lacksCompileRuntime(stderr)) return false;
  console.log(
    "Deno's compile runtime cannot be downloaded: trying the build step without it",
  );
  const tried = compile(join(folder, "hubbub"), {
    DENORT_BIN: process.execPath,
  });
  if (tried.isOk) {
    console.log(
      `The build step passes. NOT made: ${output}, which needs that runtime`,
    );
  }
  return tried.isOk;
}

function compileBun(): boolean {
  const output = fresh("hubbub-bun");
  const { isOk } = step(join(ROOT, "node_modules/.bin/bun"), [
    "build",
    "--compile",
    `--outfile=${output}`,
    "main.ts",
  ]);
  if (isOk) console.log(`Made ${output}`);
  return isOk;
}

function main(args: string[]): number {
  const { values } = parseArgs({
    args,
    options: { deno: { type: "boolean" }, bun: { type: "boolean" } },
  });
  const isBoth = !values.deno && !values.bun;
  mkdirSync(DIST, { recursive: true });
  const isDenoOk = !(isBoth || values.deno) || compileDeno();
  const isBunOk = !(isBoth || values.bun) || compileBun();
  console.log(`In dist/ now: ${readdirSync(DIST).sort().join(", ")}`);
  return isDenoOk && isBunOk ? 0 : 1;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
