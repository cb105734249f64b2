import { Registry } from "prom-client";
import { hubMetrics, type HubMetricsOptions } from "./hub_metrics.ts";
import {
  processMetrics,
  type ProcessMetricsOptions,
} from "./process_metrics.ts";
import { registerSampled } from "./sampled_metric.ts";
import { GcSampler, LoopLagSampler } from "./samplers.ts";

export interface MetricsOptions
  extends
    HubMetricsOptions,
    Omit<ProcessMetricsOptions, "loopLag" | "gcCycles"> {}

/** The metrics as they go over HTTP. */
export interface Scrape {
  /** Value of the header `Content-Type`. */
  readonly contentType: string;
  readonly body: string;
}

/**
 * The metrics of one node in the Prometheus text format; `docs/operations.md` lists them.
 *
 * Between two scrapes nothing is done but sampling the event loop ten times a second. Counters only
 * grow, so any number of scrapers may come. It starts its samplers: dispose of it to stop them.
 */
export class Metrics implements Disposable {
  /** Takes further metrics, say of a handler module. */
  readonly registry = new Registry();
  readonly #lag: LoopLagSampler;
  readonly #gc = new GcSampler();

  constructor(options: MetricsOptions) {
    this.#lag = new LoopLagSampler(options.runtime.clock);
    const metrics = [
      ...hubMetrics(options),
      ...processMetrics({
        ...options,
        loopLag: this.#lag.lag,
        gcCycles: () => this.#gc.cycles,
      }),
    ];
    for (const metric of metrics) registerSampled(metric, this.registry);
  }

  /** Reads every number as it is now. Rejects where a metric somebody added does. */
  async scrape(): Promise<Scrape> {
    const { contentType } = this.registry;
    return { contentType, body: await this.registry.metrics() };
  }

  [Symbol.dispose](): void {
    this.#lag[Symbol.dispose]();
    this.#gc[Symbol.dispose]();
  }
}
