import { LatencyHistogram } from "./latency_histogram.ts";
import type { Measure } from "./load/job.ts";
import type { PartName } from "./options.ts";
import type { Entry, Part } from "./part.ts";
import { ratios, summarize, type Summary } from "./stats.ts";

/** What all rounds say of one kind of work on one server. */
export interface Row {
  readonly part: PartName;
  readonly server: string;
  /** What was varied within the part; empty for nothing. */
  readonly label: string;
  readonly unit: string;
  /** The figure of every turn of every round. */
  readonly samples: readonly number[];
  readonly value: Summary;
  /** The figure as a share of another server's in the same turn. */
  readonly ofBare: Summary | undefined;
  readonly ofSocketIo: Summary | undefined;
  /** The same work against a server that does nothing: what the load can take. */
  readonly ceiling: Summary | undefined;
  /** The load's CPU time as a share of the time measured; from 0.95 the load is the limit. */
  readonly loadBusy: Summary;
  /** The server's likewise. */
  readonly serverBusy: Summary;
  /** Likewise what all other programs took meanwhile: beyond some percent, the figures are noise. */
  readonly othersBusy: Summary;
  /** The server's CPU time per event, in µs. */
  readonly serverCost: Summary;
  /** Bare server's cost per event as a share of this one's: what is left of `ofBare` when the load is no limit. */
  readonly costOfBare: Summary | undefined;
  /** Of all turns together; NaN where no latency was taken. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Over all rounds. */
  readonly lost: number;
  readonly duplicated: number;
  readonly disordered: number;
}

/** What one round measured, by the server's name: a measure for every turn, labels coming again and again. */
export type Round = ReadonlyMap<string, readonly Measure[]>;

/** One row for everything that was measured, in the order of the part's entries. */
export function rowsOf(
  part: Part,
  { entries, rounds }: {
    readonly entries: readonly Entry[];
    readonly rounds: readonly Round[];
  },
): Row[] {
  return entries.flatMap((entry) => {
    const measured = rounds[0]?.get(entry.server.name) ?? [];
    const labels = new Set(measured.map((measure) => measure.label));
    return [...labels].map((label) => rowOf(part, { entry, label, rounds }));
  });
}

function rowOf(
  part: Part,
  { entry, label, rounds }: {
    readonly entry: Entry;
    readonly label: string;
    readonly rounds: readonly Round[];
  },
): Row {
  function measuresOf(server: string): Measure[] {
    return rounds.flatMap((round) =>
      round.get(server)?.filter((measure) => measure.label === label) ?? []
    );
  }
  const { name } = entry.server;
  const own = measuresOf(name);
  const values = own.map(part.value);
  function comparedWith(server: string | undefined): Summary | undefined {
    if (server === undefined || server === name) return undefined;
    const others = measuresOf(server).map(part.value);
    return others.length === 0 ? undefined : summarize(ratios(values, others));
  }
  const bare = entry.bare === undefined ? [] : measuresOf(entry.bare);
  const ceiling = measuresOf("ceiling").map(part.value);
  const latency = new LatencyHistogram();
  for (const measure of own) latency.add(measure.latency);
  return {
    part: part.name,
    server: name,
    label,
    unit: part.unit,
    samples: values,
    value: summarize(values),
    ofBare: comparedWith(entry.bare),
    ofSocketIo: comparedWith("socket.io"),
    ceiling: ceiling.length === 0 ? undefined : summarize(ceiling),
    loadBusy: summarize(own.map((it) => it.loadCpuSeconds / it.seconds)),
    serverBusy: summarize(
      own.map((it) => (it.serverCpuSeconds ?? NaN) / it.seconds),
    ),
    othersBusy: summarize(own.map(othersBusyOf)),
    serverCost: summarize(own.map(costOf)),
    costOfBare: bare.length === 0
      ? undefined
      : summarize(ratios(bare.map(costOf), own.map(costOf))),
    p50Ms: latency.percentileMs(0.5),
    p99Ms: latency.percentileMs(0.99),
    lost: sum(own.map((measure) => measure.lost)),
    duplicated: sum(own.map((measure) => measure.duplicated)),
    disordered: sum(own.map((measure) => measure.disordered)),
  };
}

function othersBusyOf(measure: Measure): number {
  const { machineCpuSeconds, serverCpuSeconds, loadCpuSeconds } = measure;
  const others = (machineCpuSeconds ?? NaN) - (serverCpuSeconds ?? NaN) -
    loadCpuSeconds;
  return Math.max(0, others) / measure.seconds;
}

/** Microseconds of the server's CPU per event. */
function costOf({ serverCpuSeconds, events }: Measure): number {
  return (serverCpuSeconds ?? NaN) * 1e6 / events;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
