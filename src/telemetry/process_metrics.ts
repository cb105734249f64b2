import type { Histogram } from "../hub/counters.ts";
import type { Runtime } from "../runtime/runtime.ts";
import {
  type SampledMetricOptions,
  samplesOfHistogram,
} from "./sampled_metric.ts";

export interface ProcessMetricsOptions {
  readonly runtime: Pick<
    Runtime,
    "name" | "version" | "clock" | "memory" | "cpuSeconds"
  >;
  /** Of Hubbub itself. */
  readonly version: string;
  /** How late timers run. */
  readonly loopLag: Histogram;
  /** Garbage collections seen so far. */
  readonly gcCycles: () => number;
  /** Log entries that could not be written, so far. */
  readonly logEntriesLost: () => number;
}

/** How the process does that the hub runs in; uptime counts from this call. */
export function processMetrics(
  options: ProcessMetricsOptions,
): SampledMetricOptions[] {
  const { runtime, version, loopLag, gcCycles, logEntriesLost } = options;
  const startedMs = runtime.clock.nowMs();
  return [
    {
      name: "hubbub_build_info",
      type: "gauge",
      help: "Always 1; the labels tell what is running",
      read: () => [{
        value: 1,
        labels: {
          version,
          runtime: runtime.name,
          runtime_version: runtime.version,
        },
      }],
    },
    {
      name: "hubbub_uptime_seconds",
      type: "gauge",
      help: "Time since the start",
      read: () => [{ value: (runtime.clock.nowMs() - startedMs) / 1_000 }],
    },
    {
      name: "hubbub_cpu_seconds_total",
      type: "counter",
      help: "CPU time of the process, user and system",
      read: () => [{ value: runtime.cpuSeconds() }],
    },
    {
      name: "hubbub_rss_bytes",
      type: "gauge",
      help: "Memory of the process in RAM",
      read: () => [{ value: runtime.memory().rssBytes }],
    },
    {
      name: "hubbub_heap_used_bytes",
      type: "gauge",
      help: "Memory of live objects and garbage not yet collected",
      read: () => [{ value: runtime.memory().heapUsedBytes }],
    },
    {
      name: "hubbub_heap_total_bytes",
      type: "gauge",
      help: "Memory reserved for objects",
      read: () => [{ value: runtime.memory().heapTotalBytes }],
    },
    {
      name: "hubbub_event_loop_lag_seconds",
      type: "histogram",
      help: "How late timers run",
      read: () => samplesOfHistogram(loopLag),
    },
    {
      name: "hubbub_gc_cycles_total",
      type: "counter",
      help: "Garbage collections, at least",
      read: () => [{ value: gcCycles() }],
    },
    {
      name: "hubbub_log_entries_lost_total",
      type: "counter",
      help: "Log entries that could not be written",
      read: () => [{ value: logEntriesLost() }],
    },
  ];
}
