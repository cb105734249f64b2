import type { Frame } from "../protocol/frame.ts";
import { Batch } from "./batch.ts";
import type { Clock } from "./clock.ts";

/** Something that has work left for the end of the tick. */
export interface Flushable {
  /** @param startedMs when the first of all that is flushed now was added, on the clock of `nowMs` */
  flush(startedMs: number): void;
}

/**
 * Ends every tick with one write for each connection that got something in it.
 *
 * The system call per write is the cost of a fan-out, nothing else comes near (ADR 1).
 */
export class Flusher {
  readonly #clock: Clock;
  readonly #delayMs: () => number;
  readonly #onError: (error: unknown) => void;
  #waiting: Flushable[] = [];
  #root = new Batch();
  #startedMs = 0;
  readonly #run = () => this.flush();

  constructor(
    clock: Clock,
    options: {
      /** How long a write may wait for more; 0: until the end of the tick. */
      delayMs(): number;
      onError(error: unknown): void;
    },
  ) {
    this.#clock = clock;
    this.#delayMs = options.delayMs;
    this.#onError = options.onError;
  }

  /** When the first of those that now wait was added, on the clock of `nowMs`. */
  get startedMs(): number {
    return this.#startedMs;
  }

  /** The list that holds `frame` alone, for the first frame of a connection in this tick. */
  first(frame: Frame): Batch {
    return this.#root.append(frame);
  }

  /** Has `item` flushed at the end of this tick; the caller sees to it that it asks once. */
  add(item: Flushable): void {
    this.#waiting.push(item);
    if (this.#waiting.length > 1) return;
    this.#startedMs = this.#clock.nowMs();
    const delayMs = this.#delayMs();
    if (delayMs > 0) this.#clock.after(delayMs, this.#run);
    else this.#clock.defer(this.#run);
  }

  /** Flushes all that wait, now. */
  flush(): void {
    const items = this.#waiting;
    const startedMs = this.#startedMs;
    this.#waiting = [];
    this.#root = new Batch();
    for (const item of items) {
      try {
        item.flush(startedMs);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
