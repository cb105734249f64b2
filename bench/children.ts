import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Lines of a child that are kept, to be shown should it fail. */
const KEPT_LINES = 10;
const KEPT_CHARS = 300;

/** A process of the benchmark's own. */
export class Child {
  readonly #process: ChildProcess;
  readonly #kept: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  /** Resolves when it is gone: its exit code, or -1 where it was killed or never started. */
  readonly exited: Promise<number>;

  constructor(process: ChildProcess) {
    this.#process = process;
    this.exited = new Promise((resolve) => {
      process.on("exit", (code) => resolve(code ?? -1));
      process.on("error", (error) => {
        this.#keep(error.message);
        resolve(-1);
      });
    });
    for (const stream of [process.stdout, process.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.#keep(line);
        for (const listener of this.#listeners) listener(line);
      });
    }
  }

  /** 0 for one that never started. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The end of what it said. */
  get lastLines(): string {
    return this.#kept.join("\n");
  }

  /**
   * Resolves with what `pick` makes of the first line it does not answer with undefined; lines that
   * were printed before the call may be missed.
   *
   * @throws Error where the child exits first, or the deadline comes
   */
  async until<T>(
    pick: (line: string) => T | undefined,
    { what, deadlineMs }: {
      readonly what: string;
      readonly deadlineMs: number;
    },
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const listener = (line: string) => {
      const picked = pick(line);
      if (picked !== undefined) resolve(picked);
    };
    const fail = (why: string) =>
      reject(new Error(`Cannot ${what}: ${why}\n${this.lastLines}`));
    const timer = setTimeout(
      () => fail(`not done within ${deadlineMs} ms`),
      deadlineMs,
    );
    this.#listeners.add(listener);
    // What it printed last may be read after its exit.
    this.exited.then((code) => setTimeout(() => fail(`exit ${code}`), 100));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#listeners.delete(listener);
    }
  }

  say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Kills it, at once, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.exited;
  }

  #keep(line: string): void {
    this.#kept.push(line.slice(0, KEPT_CHARS));
    if (this.#kept.length > KEPT_LINES) this.#kept.shift();
  }
}

/** The processes that run now; none of them outlives this one. */
export class Children {
  readonly #running = new Set<Child>();

  start({ program, args, env = {} }: Command, cwd: string): Child {
    const child = new Child(
      spawn(program, [...args], {
        cwd,
        env: { ...process.env, ...env },
        stdio: ["pipe", "pipe", "pipe"],
      }),
    );
    this.#running.add(child);
    child.exited.then(() => this.#running.delete(child));
    return child;
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.#running].map((child) => child.kill()));
  }
}
