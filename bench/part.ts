import type { Job, Measure } from "./load/job.ts";
import type { BenchOptions, PartName } from "./options.ts";
import type { ServerSpec } from "./servers.ts";

/** A server in a part, and what it is compared with. */
export interface Entry {
  readonly server: ServerSpec;
  /** The entry that does the same with no hub logic, by its server's name. */
  readonly bare?: string;
}

/** The work of a part, before it is known which server it is done against. */
export interface Work extends Omit<Job, "server" | "dialect" | "firstMember"> {
  /** How often it is measured on a running server. */
  readonly turns: number;
}

/** One kind of work, done against several servers in turns. */
export interface Part {
  readonly name: PartName;
  /** What is done, in one line. */
  readonly title: string;
  /** Of `value`. */
  readonly unit: string;
  /** In the order of the table. */
  entries(options: BenchOptions): readonly Entry[];
  work(options: BenchOptions): Work;
  /**
   * Whether all servers run at the same time and take turns, so that what is compared is measured
   * within seconds; else each is alone while it is measured.
   */
  readonly isCrew: boolean;
  /** Rounds make no difference to some. @default {options.rounds} */
  rounds?(options: BenchOptions): number;
  /** The figure that a measurement comes down to; NaN where it is not known. */
  value(measure: Measure): number;
}

/** Events per second, the figure of most parts. */
export function perSecond({ events, seconds }: Measure): number {
  return events / seconds;
}
