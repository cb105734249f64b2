import type { Child, Children } from "./children.ts";
import { loadCommand, loadReady, nextMeasure } from "./load_process.ts";
import type { Job, Measure } from "./load/job.ts";
import { mergeMeasures } from "./load/merge.ts";
import { pinned } from "./machine.ts";
import { parseJson } from "./parse_json.ts";
import type { Work } from "./part.ts";
import { ROOT, type ServerSpec } from "./servers.ts";

export interface RunOptions {
  readonly children: Children;
  readonly isPinned: boolean;
  /** Programs this machine does not have; servers that need one are passed over. */
  readonly missing: ReadonlySet<string>;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

const START_DEADLINE_MS = 20_000;
const SPARE_MS = 5_000;
/** A process has 20,000 descriptors. */
const MAX_MEMBERS_PER_PROCESS = 15_000;
/** An address has 28,000 ports towards a server. */
const MEMBERS_PER_SOURCE = 15_000;

/** A running server and the processes that are to load it. */
export class LoadedServer {
  readonly #spec: ServerSpec;
  readonly #work: Work;
  readonly #options: RunOptions;
  readonly #server: Child;
  #loads: readonly Child[] = [];

  /** Starts the server; `ready` tells when it can be measured. */
  constructor(
    { server, work }: { readonly server: ServerSpec; readonly work: Work },
    options: RunOptions,
  ) {
    this.#spec = server;
    this.#work = work;
    this.#options = options;
    this.#server = options.children.start(
      pinned(server.command, { role: "server", isPinned: options.isPinned }),
      ROOT,
    );
  }

  /**
   * Resolves when the server runs and the load has prepared its work.
   *
   * @throws Error where either fails or takes too long
   */
  async ready(): Promise<void> {
    const address = await this.#server.until(parseAddress, {
      what: `start ${this.#spec.name}`,
      deadlineMs: START_DEADLINE_MS,
    });
    const { children, isPinned } = this.#options;
    this.#loads = shares(this.#work).map((share) => {
      const command = loadCommand({
        ...share,
        server: { ...address, pid: this.#server.pid },
        dialect: this.#spec.dialect,
      });
      return children.start(
        pinned(command, { role: "load", isPinned }),
        ROOT,
      );
    });
    await this.#whole(
      this.#loads.map((load) => loadReady(load, this.#deadlineMs)),
    );
  }

  /**
   * Has the load measure once.
   *
   * @throws Error where it or the server fails, or takes too long
   */
  async takeTurn(): Promise<Measure> {
    const measures = this.#loads.map((load) =>
      nextMeasure(load, this.#deadlineMs)
    );
    return mergeMeasures(await this.#whole(measures));
  }

  /** Ends the server and its load. */
  async kill(): Promise<void> {
    const children = [...this.#loads, this.#server];
    await Promise.all(children.map((child) => child.kill()));
  }

  /** Beyond the load's own deadline, which says more. */
  get #deadlineMs(): number {
    return this.#work.deadlineMs + SPARE_MS;
  }

  /** What the load could not do is told with what the server said last. */
  async #whole<T>(answers: readonly Promise<T>[]): Promise<T[]> {
    try {
      return await Promise.all(answers);
    } catch (error) {
      throw new Error(
        `Cannot measure ${this.#spec.name}: ${
          error instanceof Error ? error.message : error
        }\n${this.#server.lastLines}`,
        { cause: error },
      );
    }
  }
}

/** The work in as many parts as processes are needed for it; rooms stay whole. */
export function shares(work: Work): (Work & Pick<Job, "firstMember">)[] {
  const { members, membersPerRoom, messagesPerSecond } = work;
  const unit = Math.max(1, membersPerRoom);
  const units = Math.ceil(members / unit);
  const processes = Math.ceil(members / MAX_MEMBERS_PER_PROCESS);
  const unitsEach = Math.ceil(units / processes);
  return Array.from({ length: processes }, (_, process) => {
    const firstMember = process * unitsEach * unit;
    const share = Math.min(unitsEach * unit, members - firstMember);
    return {
      ...work,
      firstMember,
      members: share,
      messagesPerSecond: messagesPerSecond * share / members,
      sources: Math.ceil(members / MEMBERS_PER_SOURCE),
    };
  });
}

/** Every server says where it listens with one line of JSON that has an `address`. */
function parseAddress(line: string): Address | undefined {
  const json = parseJson(line);
  if (typeof json !== "object" || json === null || !("address" in json)) {
    return undefined;
  }
  const [, host, port] = /^(.+):(\d+)$/.exec(String(json.address)) ?? [];
  if (host === undefined || port === undefined) return undefined;
  return { host, port: Number(port) };
}
