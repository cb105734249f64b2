import type { Clock, Timer } from "../../src/hub/clock.ts";

interface Entry {
  dueMs: number;
  readonly intervalMs: number | undefined;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #nowMs = 0;
  #deferred: (() => void)[] = [];
  #entries: Entry[] = [];
  /** Added to the wall clock, as if somebody set it. */
  wallOffsetMs = 1_700_000_000_000;

  wallMs(): number {
    return this.#nowMs + this.wallOffsetMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  defer(run: () => void): void {
    this.#deferred.push(run);
  }

  after(delayMs: number, run: () => void): Timer {
    return this.#add(delayMs, undefined, run);
  }

  every(intervalMs: number, run: () => void): Timer {
    return this.#add(intervalMs, intervalMs, run);
  }

  /** Timers that are neither due nor stopped. */
  get pendingTimers(): number {
    return this.#entries.length;
  }

  /** Ends the tick: runs what was deferred, and what that defers. */
  tick(): void {
    while (this.#deferred.length > 0) {
      const deferred = this.#deferred;
      this.#deferred = [];
      for (const run of deferred) run();
    }
  }

  /** Moves time on, running each timer at its moment and ending a tick after each. */
  advance(ms: number): void {
    const end = this.#nowMs + ms;
    this.tick();
    for (;;) {
      let next: Entry | undefined;
      for (const entry of this.#entries) {
        if (
          entry.dueMs <= end && (next === undefined || entry.dueMs < next.dueMs)
        ) next = entry;
      }
      if (next === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      if (next.intervalMs === undefined) this.#remove(next);
      else next.dueMs += next.intervalMs;
      next.run();
      this.tick();
    }
    this.#nowMs = end;
  }

  /** Moves time on as if the process had stood still: what came due meanwhile runs once, now. */
  stall(ms: number): void {
    this.#nowMs += ms;
    for (const entry of [...this.#entries]) {
      if (entry.dueMs > this.#nowMs || !this.#entries.includes(entry)) continue;
      if (entry.intervalMs === undefined) this.#remove(entry);
      else entry.dueMs = this.#nowMs + entry.intervalMs;
      entry.run();
      this.tick();
    }
  }

  #add(
    delayMs: number,
    intervalMs: number | undefined,
    run: () => void,
  ): Timer {
    const entry: Entry = {
      dueMs: this.#nowMs + delayMs,
      intervalMs,
      run,
    };
    this.#entries.push(entry);
    return { stop: () => this.#remove(entry) };
  }

  #remove(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry);
  }
}
