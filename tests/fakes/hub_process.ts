import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Family, parseExposition, valueOf } from "./exposition.ts";
import { type Command, type Exit, Program, scriptCommand } from "./program.ts";
import { until } from "./until.ts";

export interface HubProcessOptions {
  /** What to start. @default {main.ts on the runtime that runs the test} */
  readonly command?: Command;
  readonly env?: Readonly<Record<string, string>>;
  /** Text of a YAML file the hub is started with; absent: none. */
  readonly config?: string;
}

/** One line of the hub's log. */
export interface LogEntry {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A cold start on a busy machine takes seconds. */
const START_DEADLINE_MS = 60_000;
const LOG_DEADLINE_MS = 20_000;

/** A hub as a process of its own, on a free port of 127.0.0.1; disposing of it kills it. */
export class HubProcess implements AsyncDisposable {
  readonly program: Program;
  /** Say `http://127.0.0.1:43210`. */
  readonly baseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly #folder: string;
  readonly #log: LogReader;

  /**
   * Starts a hub and waits until it listens.
   *
   * @throws Error with all it printed where it ends instead
   */
  static async start(options: HubProcessOptions = {}): Promise<HubProcess> {
    const { command = scriptCommand(), env, config } = options;
    const folder = mkdtempSync(join(tmpdir(), "hubbub-test-"));
    const args = [...command.args];
    if (config !== undefined) {
      const path = configPath(folder);
      writeFileSync(path, config);
      args.push("--config", path);
    }
    const program = await Program.start({ ...command, args }, {
      env: { HUBBUB_SERVER_PORT: "0", ...env },
    });
    try {
      const log = new LogReader(program);
      const address = await addressOf(program, log);
      return new HubProcess(program, { folder, log, address });
    } catch (error) {
      await program[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
      throw error;
    }
  }

  constructor(
    program: Program,
    options: {
      readonly folder: string;
      readonly log: LogReader;
      readonly address: string;
    },
  ) {
    this.program = program;
    this.#folder = options.folder;
    this.#log = options.log;
    this.baseUrl = `http://${options.address}`;
    const { hostname, port } = new URL(this.baseUrl);
    this.host = hostname;
    this.port = Number(port);
  }

  /** Its log so far. */
  get log(): readonly LogEntry[] {
    return this.#log.read();
  }

  /** The log's entries with this text. */
  logged(msg: string): readonly LogEntry[] {
    return this.log.filter((entry) => entry.msg === msg);
  }

  /** Waits for an entry with this text. */
  async waitForLog(msg: string): Promise<LogEntry> {
    let found: LogEntry | undefined;
    await until(() => (found = this.logged(msg)[0]) !== undefined, {
      deadlineMs: LOG_DEADLINE_MS,
      describe: () => `no "${msg}" in ${this.program.output}`,
    });
    if (found === undefined) throw new Error(`Cannot happen: ${msg} vanished`);
    return found;
  }

  /** Replaces the configuration file it was started with. */
  writeConfig(text: string): void {
    writeFileSync(configPath(this.#folder), text);
  }

  /** Its metrics now. */
  async metrics(): Promise<MetricsReading> {
    const response = await fetch(`${this.baseUrl}/metrics`);
    return new MetricsReading(await response.text());
  }

  /** What the HTTP API answers, as JSON. */
  async get(path: string): Promise<unknown> {
    return await (await fetch(this.baseUrl + path)).json();
  }

  /** The same, for a request with a body. */
  async post(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.baseUrl + path, {
      method: "POST",
      ...(body !== undefined && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    return await response.json();
  }

  /** Sends a signal and waits for the end. */
  stop(signal: "SIGTERM" | "SIGINT" = "SIGTERM"): Promise<Exit> {
    this.program.kill(signal);
    return this.program.waitForExit();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function configPath(folder: string): string {
  return join(folder, "hubbub.yaml");
}

/** One scrape of `/metrics`. */
export class MetricsReading {
  readonly families: ReadonlyMap<string, Family>;

  constructor(text: string) {
    this.families = parseExposition(text);
  }

  /** Of a sample as it stands in the text, say `hubbub_errors_total{code="1001"}`. */
  value(sample: string): number {
    return valueOf(this.families, sample);
  }
}

/** Parses each line of a program's output once; what is no log is left out. */
class LogReader {
  readonly #program: Program;
  readonly #entries: LogEntry[] = [];
  #linesRead = 0;

  constructor(program: Program) {
    this.#program = program;
  }

  read(): readonly LogEntry[] {
    const { stdout } = this.#program;
    for (const line of stdout.slice(this.#linesRead)) {
      if (!line.startsWith("{")) continue;
      const { level, msg, ...fields } = Object(JSON.parse(line));
      this.#entries.push({ ...fields, level: String(level), msg: String(msg) });
    }
    this.#linesRead = stdout.length;
    return this.#entries;
  }
}

async function addressOf(program: Program, log: LogReader): Promise<string> {
  let address: unknown;
  await until(() => {
    address = log.read()
      .find((entry) => entry.msg === "hub is listening")?.["address"];
    return address !== undefined || program.exit !== undefined;
  }, { deadlineMs: START_DEADLINE_MS, describe: () => program.output });
  if (typeof address === "string") return address;
  throw new Error(
    `Cannot start a hub: it ended with ${program.exit?.code}: ${program.output}`,
  );
}
