import type { Clock, Timer } from "./clock.ts";

const SLOTS = 1024;
/** Deadlines are kept this exactly, and never come early. */
const TICK_MS = 50;
/** A failure must not end a connection's heartbeat for good. */
const RETRY_MS = 1_000;

/** Something with one deadline at a time, kept on a `TimerWheel`. */
export abstract class Timed {
  /** The neighbours in the slot and the deadline; the wheel's own. */
  wheelNext: Timed | undefined = undefined;
  wheelPrevious: Timed | undefined = undefined;
  wheelSlot = -1;
  wheelDueMs = 0;

  /**
   * Called once when the deadline has come; one that throws is called again after a second.
   *
   * @returns the next deadline on the clock of `nowMs`, or undefined for none
   */
  abstract onDue(nowMs: number): number | undefined;
}

/**
 * One timer for any number of deadlines: setting, moving and clearing one is a few pointer writes,
 * whatever their number. Idle timeouts, pings, close timeouts and empty rooms all run off it.
 *
 * Source: Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", SOSP 1987 (scheme 6).
 */
export class TimerWheel {
  readonly #slots: (Timed | undefined)[] = new Array(SLOTS).fill(undefined);
  readonly #clock: Clock;
  readonly #timer: Timer;
  readonly #onError: (error: unknown) => void;
  #tick: number;
  #size = 0;

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#onError = onError;
    this.#tick = Math.floor(clock.nowMs() / TICK_MS);
    this.#timer = clock.every(TICK_MS, () => this.#advance());
  }

  /** How many deadlines are set. */
  get size(): number {
    return this.#size;
  }

  /** Sets the deadline of `item`, in place of the one it had. */
  schedule(item: Timed, dueMs: number): void {
    this.cancel(item);
    const tick = Math.max(this.#tick + 1, Math.ceil(dueMs / TICK_MS));
    const slot = tick % SLOTS;
    const head = this.#slots[slot];
    item.wheelDueMs = dueMs;
    item.wheelSlot = slot;
    item.wheelNext = head;
    if (head !== undefined) head.wheelPrevious = item;
    this.#slots[slot] = item;
    this.#size++;
  }

  /** Clears the deadline of `item`, if it has one. */
  cancel(item: Timed): void {
    if (item.wheelSlot < 0) return;
    const { wheelNext: next, wheelPrevious: previous } = item;
    if (previous === undefined) this.#slots[item.wheelSlot] = next;
    else previous.wheelNext = next;
    if (next !== undefined) next.wheelPrevious = previous;
    item.wheelNext = undefined;
    item.wheelPrevious = undefined;
    item.wheelSlot = -1;
    this.#size--;
  }

  /** Stops the timer; deadlines that are set never come. */
  stop(): void {
    this.#timer.stop();
  }

  #advance(): void {
    const nowMs = this.#clock.nowMs();
    const target = Math.floor(nowMs / TICK_MS);
    // After a pause longer than a turn, one turn visits every slot.
    const first = Math.max(this.#tick + 1, target - SLOTS + 1);
    for (let tick = first; tick <= target; tick++) {
      this.#tick = tick;
      this.#expire(tick % SLOTS, nowMs);
    }
  }

  #expire(slot: number, nowMs: number): void {
    // Taken out before any is run: a deadline may set and clear others in the same slot.
    const due: Timed[] = [];
    for (
      let item = this.#slots[slot];
      item !== undefined;
      item = item.wheelNext
    ) {
      if (item.wheelDueMs <= nowMs) due.push(item);
    }
    for (const item of due) {
      if (item.wheelSlot !== slot || item.wheelDueMs > nowMs) continue;
      this.cancel(item);
      try {
        const next = item.onDue(nowMs);
        if (next !== undefined) this.schedule(item, next);
      } catch (error) {
        this.schedule(item, nowMs + RETRY_MS);
        this.#onError(error);
      }
    }
  }
}
