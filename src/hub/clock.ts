/** A timer that was started and can be stopped; stopping twice is harmless. */
export interface Timer {
  stop(): void;
}

/** Time as the hub sees it. `src/runtime/` gives the real one, `tests/fakes/` one that is set by hand. */
export interface Clock {
  /** Milliseconds since the epoch, for what peers read. It may jump. */
  wallMs(): number;
  /** Milliseconds that only ever grow, for deadlines and intervals. */
  nowMs(): number;
  /** Calls `run` once the events at hand are handled, before the loop waits again. */
  defer(run: () => void): void;
  /** Calls `run` once, `delayMs` later. */
  after(delayMs: number, run: () => void): Timer;
  /** Calls `run` every `intervalMs`, and does not keep the process alive for it. */
  every(intervalMs: number, run: () => void): Timer;
}
