import process from "node:process";
import type { LatencyHistogram } from "../latency_histogram.ts";
import {
  readMachineCpuSeconds,
  readServerStats,
  type ServerStats,
} from "../proc_stats.ts";
import type { Measure } from "./job.ts";

export interface Counts {
  readonly label: string;
  readonly events: number;
  readonly lost?: number;
  readonly duplicated?: number;
  readonly disordered?: number;
  readonly latency?: LatencyHistogram;
}

interface Snapshot {
  readonly timeMs: number;
  readonly loadCpuSeconds: number;
  readonly server: ServerStats;
  readonly machineCpuSeconds: number;
}

/** The time, CPU and memory that went by between two moments, here and in the server. */
export class Meter {
  readonly #serverPid: number;
  readonly #initialRssBytes: number;

  /** Made before the first connection: memory is counted from here. */
  constructor(serverPid: number) {
    this.#serverPid = serverPid;
    this.#initialRssBytes = readServerStats(serverPid).rssBytes;
  }

  /** Starts a measurement; the function it returns ends it, which may come before what it counted is known. */
  start(): () => (counts: Counts) => Measure {
    const from = this.#snapshot();
    return () => {
      const to = this.#snapshot();
      return (counts) => ({
        label: counts.label,
        seconds: (to.timeMs - from.timeMs) / 1_000,
        events: counts.events,
        lost: counts.lost ?? 0,
        duplicated: counts.duplicated ?? 0,
        disordered: counts.disordered ?? 0,
        loadCpuSeconds: to.loadCpuSeconds - from.loadCpuSeconds,
        machineCpuSeconds: known(
          to.machineCpuSeconds - from.machineCpuSeconds,
        ),
        serverCpuSeconds: known(
          to.server.cpuSeconds - from.server.cpuSeconds,
        ),
        serverGrowthBytes: known(to.server.rssBytes - this.#initialRssBytes),
        latency: counts.latency?.buckets().map(([at, count]) => [at, count]) ??
          [],
      });
    };
  }

  #snapshot(): Snapshot {
    const { user, system } = process.cpuUsage();
    return {
      timeMs: performance.now(),
      loadCpuSeconds: (user + system) / 1e6,
      server: readServerStats(this.#serverPid),
      machineCpuSeconds: readMachineCpuSeconds(),
    };
  }
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
