import type { BusMessage } from "./bus.ts";

export interface InboxOptions {
  /** Gives the turns in which messages are handed over. */
  readonly clock: { defer(run: () => void): void };
  /** Takes the messages, one by one. */
  readonly deliver: (message: BusMessage) => void;
  /** Told what `deliver` threw. */
  readonly onError: (error: unknown) => void;
  /**
   * Bytes that may wait, each message counted with 64 bytes more than its subject and payload; what
   * comes when they are full is dropped.
   *
   * @default {67108864}
   */
  readonly queueBytes?: number;
}

const DEFAULT_QUEUE_BYTES = 64 * 1024 * 1024;

/** What a waiting message costs besides its content. */
const MESSAGE_OVERHEAD_BYTES = 64;

/** Messages handed over before sockets and timers get their turn again. */
const MESSAGES_PER_TURN = 1_000;

/** Takes messages at any moment and hands them over in order, in turns of their own. */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #queueBytes: number;
  readonly #run = () => this.#turn();
  /** Those that came since `#leaving` was filled. */
  #arrived: BusMessage[] = [];
  /** Those to hand over next, the first one last, so that taking it is cheap. */
  #leaving: BusMessage[] = [];
  #isScheduled = false;
  #queuedBytes = 0;
  #dropped = 0;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#queueBytes = options.queueBytes ?? DEFAULT_QUEUE_BYTES;
  }

  /** Messages that found it full, so far. */
  get dropped(): number {
    return this.#dropped;
  }

  put(message: BusMessage): void {
    const bytes = sizeOf(message);
    if (this.#queuedBytes + bytes > this.#queueBytes) {
      this.#dropped++;
      return;
    }
    this.#queuedBytes += bytes;
    this.#arrived.push(message);
    this.#schedule();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#arrived = [];
    this.#leaving = [];
    this.#queuedBytes = 0;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.clock.defer(this.#run);
  }

  #turn(): void {
    const { deliver, onError } = this.#options;
    this.#isScheduled = false;
    for (let i = 0; i < MESSAGES_PER_TURN; i++) {
      const message = this.#next();
      if (message === undefined) return;
      this.#queuedBytes -= sizeOf(message);
      try {
        deliver(message);
      } catch (error) {
        onError(error);
      }
    }
    if (this.#arrived.length + this.#leaving.length > 0) this.#schedule();
  }

  #next(): BusMessage | undefined {
    if (this.#leaving.length === 0) {
      this.#leaving = this.#arrived.reverse();
      this.#arrived = [];
    }
    return this.#leaving.pop();
  }
}

function sizeOf({ subject, payload }: BusMessage): number {
  return MESSAGE_OVERHEAD_BYTES + subject.length + payload.byteLength;
}
