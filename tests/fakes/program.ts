import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { ROOT } from "../../tools/project.ts";
import { until } from "./until.ts";

/** A program and its arguments. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** How a program ended; one that was killed has no code. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface ProgramOptions {
  /** Added to the environment of the test, which is passed on without its `HUBBUB_` variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The runtime that runs the test, and so the hub it starts. */
export const RUNTIME = process.versions.bun === undefined ? "deno" : "bun";

/** Whatever takes longer than this is stuck; a busy machine takes a few seconds at most. */
const EXIT_DEADLINE_MS = 30_000;
/** How long a program that is to be gone may take before it is told so again. */
const PATIENCE_MS = 1_000;

/** A script of the project on the runtime that runs the test, with the permissions of the task `start`. */
export function scriptCommand(script = join(ROOT, "main.ts")): Command {
  const program = process.execPath;
  return RUNTIME === "bun"
    ? { program, args: ["run", script] }
    : { program, args: [...startFlags(), script] };
}

/** Subcommand and flags of the task `start` of deno.json. */
function startFlags(): readonly string[] {
  const json: unknown = JSON.parse(
    readFileSync(join(ROOT, "deno.json"), "utf8"),
  );
  const task = String(Object(Object(json).tasks).start);
  const [, flags] = /deno (run .*) main\.ts$/.exec(task) ?? [];
  if (flags === undefined) {
    throw new Error(
      `Cannot use the task start: it must be deno run … main.ts: current value is "${task}"`,
    );
  }
  return flags.split(" ");
}

/** A child process whose output is collected line by line; disposing of it ends it. */
export class Program implements AsyncDisposable {
  readonly pid: number;
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  /** Settles once the process is gone and its output read to the end. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #exit: Exit | undefined;

  /** @throws Error where there is no such program */
  static async start(
    command: Command,
    options: ProgramOptions = {},
  ): Promise<Program> {
    const child = spawn(command.program, [...command.args], {
      cwd: ROOT,
      env: { ...ownEnvironment(), ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    await new Promise((resolve, reject) => {
      child.once("spawn", () => resolve(undefined));
      child.once("error", reject);
    });
    if (child.pid === undefined) {
      throw new Error(`Cannot start ${command.program}: it has no process id`);
    }
    return new Program(child, child.pid);
  }

  constructor(child: ChildProcess, pid: number) {
    this.#child = child;
    this.pid = pid;
    if (child.stdout !== null) {
      createInterface({ input: child.stdout })
        .on("line", (line) => this.stdout.push(line));
    }
    if (child.stderr !== null) {
      createInterface({ input: child.stderr })
        .on("line", (line) => this.stderr.push(line));
    }
    this.exited = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        this.#exit = { code, signal };
        resolve(this.#exit);
      });
    });
  }

  /** Undefined while it runs. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  get output(): string {
    return [...this.stdout, ...this.stderr].join("\n");
  }

  /** Does nothing to a process that is gone. */
  kill(signal: "SIGTERM" | "SIGINT" | "SIGHUP" | "SIGKILL"): void {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return;
    }
    try {
      // Not `child.kill`: after it Deno 2.9 reports the signal however the process ended.
      process.kill(this.pid, signal);
    } catch (error) {
      if (Object(error).code !== "ESRCH") throw error;
    }
  }

  /** @throws Error where it still runs at the deadline */
  async waitForExit(deadlineMs = EXIT_DEADLINE_MS): Promise<Exit> {
    await until(() => this.#exit !== undefined, {
      deadlineMs,
      describe: () => `process ${this.pid} still runs: ${this.output}`,
    });
    return await this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Asked first: one that is killed tells nothing of the coverage it measured.
    for (const signal of ["SIGTERM", "SIGTERM", "SIGKILL"] as const) {
      this.kill(signal);
      try {
        return void await this.waitForExit(PATIENCE_MS);
      } catch {
        // It takes its time, or hangs: the next signal is a stronger one.
      }
    }
    await this.waitForExit();
  }
}

/** Runs a program to its end. */
export async function runProgram(
  command: Command,
  options: ProgramOptions = {},
): Promise<{ readonly exit: Exit; readonly program: Program }> {
  await using program = await Program.start(command, options);
  return { exit: await program.waitForExit(), program };
}

/** A hub configured on the machine of whoever runs the tests must not change them. */
function ownEnvironment(): Record<string, string> {
  const env: Record<string, string> = { NO_COLOR: "1" };
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith("HUBBUB_")) env[name] = value;
  }
  return env;
}
