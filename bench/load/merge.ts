import { LatencyHistogram } from "../latency_histogram.ts";
import type { Measure } from "./job.ts";

/**
 * What several processes of one load measured at the same time, as if one had; each has looked at
 * the whole server.
 */
export function mergeMeasures(measures: readonly Measure[]): Measure {
  const latency = new LatencyHistogram();
  for (const measure of measures) latency.add(measure.latency);
  function sum(pick: (measure: Measure) => number): number {
    return measures.reduce((total, measure) => total + pick(measure), 0);
  }
  function largest(pick: (measure: Measure) => number | null): number | null {
    const known = measures.map(pick).filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  }
  return {
    label: measures[0]?.label ?? "",
    seconds: largest((measure) => measure.seconds) ?? 0,
    events: sum((measure) => measure.events),
    lost: sum((measure) => measure.lost),
    duplicated: sum((measure) => measure.duplicated),
    disordered: sum((measure) => measure.disordered),
    loadCpuSeconds: sum((measure) => measure.loadCpuSeconds),
    serverCpuSeconds: largest((measure) => measure.serverCpuSeconds),
    machineCpuSeconds: largest((measure) => measure.machineCpuSeconds),
    serverGrowthBytes: largest((measure) => measure.serverGrowthBytes),
    latency: latency.buckets().map(([bucket, count]) => [bucket, count]),
  };
}
