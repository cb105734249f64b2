import type { Clock, Timer } from "../hub/clock.ts";
import { Histogram } from "../hub/counters.ts";

/** Ten samples a second: a stall of 100 ms is never missed, and an idle process stays idle. */
const LAG_INTERVAL_MS = 100;

const LAG_BOUNDS_MS: readonly number[] = [
  1,
  2.5,
  5,
  10,
  25,
  50,
  100,
  250,
  500,
  1_000,
  2_500,
  5_000,
];

/**
 * Measures how late timers run, that is how long whatever is due waits for the event loop.
 *
 * The runtimes' own measures cannot be used: `eventLoopUtilization()` is a stub on both, and
 * `monitorEventLoopDelay()` reports far too little on Deno 2.9.
 */
export class LoopLagSampler implements Disposable {
  /** Lateness of the samples so far. */
  readonly lag = new Histogram(LAG_BOUNDS_MS);
  readonly #clock: Clock;
  readonly #timer: Timer;
  #lastMs: number;

  /** Starts at once, and runs until it is disposed of. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastMs = clock.nowMs();
    this.#timer = clock.every(LAG_INTERVAL_MS, () => this.#sample());
  }

  [Symbol.dispose](): void {
    this.#timer.stop();
  }

  #sample(): void {
    const nowMs = this.#clock.nowMs();
    // A timer that makes up for the one before comes early: that is no lag.
    this.lag.observe(Math.max(0, nowMs - this.#lastMs - LAG_INTERVAL_MS));
    this.#lastMs = nowMs;
  }
}

/**
 * Counts garbage collections by letting one object after the other be collected. Several of them
 * between two turns of the loop count as one, so the number is a lower bound.
 *
 * `PerformanceObserver` accepts "gc" on both runtimes and reports nothing.
 */
export class GcSampler implements Disposable {
  #cycles = 0;
  #isStopped = false;
  readonly #registry = new FinalizationRegistry<undefined>(() => {
    if (this.#isStopped) return;
    this.#cycles++;
    this.#watch();
  });

  /** Starts at once, and runs until it is disposed of. */
  constructor() {
    this.#watch();
  }

  /** Collections seen so far. */
  get cycles(): number {
    return this.#cycles;
  }

  [Symbol.dispose](): void {
    this.#isStopped = true;
  }

  #watch(): void {
    this.#registry.register({}, undefined);
  }
}
