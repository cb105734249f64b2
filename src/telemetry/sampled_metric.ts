import type { Metric, Registry } from "prom-client";
import type { Histogram } from "../hub/counters.ts";

/** One number of a metric. */
export interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** Appended to the metric's name: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string;
}

export interface SampledMetricOptions {
  /** Full name with its unit, `_total` at the end for a counter. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  /** Reads the numbers as they are now; called once a scrape. */
  readonly read: () => Iterable<Sample>;
}

/**
 * Adds a metric that holds no number of its own but reads them when it is scraped: counting costs
 * an addition and nothing else, and one scrape does not disturb another.
 *
 * The metrics of `prom-client` cannot do that: its counters can only be added to, and its
 * histograms take one value at a time.
 *
 * @throws Error where the registry has a metric of this name
 */
export function registerSampled(
  { name, type, help, read }: SampledMetricOptions,
  registry: Registry,
): void {
  const metric = {
    name,
    get: () => {
      const values = Array.from(read(), ({ value, labels = {}, suffix }) => ({
        value,
        labels,
        metricName: suffix === undefined ? name : name + suffix,
      }));
      return Promise.resolve({ name, type, help, values, aggregator: "sum" });
    },
  };
  // A registry needs no more than `name` and `get`; its type asks for a class of the library.
  registry.registerMetric(metric as unknown as Metric);
}

/** A sample for each key and count, told apart by one label. */
export function samplesByLabel(
  label: string,
  entries: Iterable<readonly [key: string, count: number]>,
): Sample[] {
  return Array.from(
    entries,
    ([key, value]) => ({ value, labels: { [label]: key } }),
  );
}

/** The samples of a histogram, in seconds as is the custom: cumulative buckets, sum, count. */
export function samplesOfHistogram(histogram: Histogram): Sample[] {
  const { boundsMs, counts, sumMs, count } = histogram;
  const samples: Sample[] = [];
  let cumulative = 0;
  for (const [bucket, boundMs] of boundsMs.entries()) {
    cumulative += counts[bucket] ?? 0;
    const le = String(boundMs / 1_000);
    samples.push({ suffix: "_bucket", labels: { le }, value: cumulative });
  }
  samples.push(
    { suffix: "_bucket", labels: { le: "+Inf" }, value: count },
    { suffix: "_sum", value: sumMs / 1_000 },
    { suffix: "_count", value: count },
  );
  return samples;
}
