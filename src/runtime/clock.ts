import {
  clearInterval,
  clearTimeout,
  setImmediate,
  setInterval,
  setTimeout,
} from "node:timers";
import type { Clock, Timer } from "../hub/clock.ts";

/** The time of this machine. */
export class SystemClock implements Clock {
  wallMs(): number {
    return Date.now();
  }

  nowMs(): number {
    return performance.now();
  }

  defer(run: () => void): void {
    setImmediate(run);
  }

  after(delayMs: number, run: () => void): Timer {
    const timeout = setTimeout(run, delayMs);
    return { stop: () => clearTimeout(timeout) };
  }

  every(intervalMs: number, run: () => void): Timer {
    const interval = setInterval(run, intervalMs);
    interval.unref();
    return { stop: () => clearInterval(interval) };
  }
}
