import {
  type BusMessage,
  type BusState,
  MAX_SUBJECT_LENGTH,
  type MessageBus,
} from "./bus.ts";
import { Inbox, type InboxOptions } from "./inbox.ts";
import type { MemoryExchange, Receiver } from "./memory_exchange.ts";

export interface MemoryBusOptions extends Omit<InboxOptions, "deliver"> {
  /** Joins the buses that were given the same one. */
  readonly exchange: MemoryExchange;
}

/**
 * The bus between hubs of one process, and the reference for the others. More than it must, it
 * keeps the order of all messages.
 */
export class MemoryBus implements MessageBus {
  readonly #options: MemoryBusOptions;
  readonly #subjects = new Set<string>();
  readonly #observers = new Set<(state: BusState) => void>();
  readonly #receiver: Receiver = (message) => this.#inbox?.put(message);
  #state: BusState = "closed";
  #isDisposed = false;
  #inbox: Inbox | undefined;

  constructor(options: MemoryBusOptions) {
    this.#options = options;
  }

  get state(): BusState {
    return this.#state;
  }

  get dropped(): number {
    return this.#inbox?.dropped ?? 0;
  }

  // deno-lint-ignore require-await -- what fails must reject, not throw
  async start(onMessage: (message: BusMessage) => void): Promise<void> {
    if (this.#inbox !== undefined) {
      throw new Error("Cannot start bus: it was started before");
    }
    if (this.#isDisposed) throw new Error("Cannot start bus: it is closed");
    this.#inbox = new Inbox({
      ...this.#options,
      deliver: (message) => {
        // It may have left the subject since.
        if (this.#subjects.has(message.subject)) onMessage(message);
      },
    });
    this.#setState("connected");
  }

  publish(subject: string, payload: Uint8Array): void {
    this.#check("publish to", subject);
    this.#options.exchange.publish({ subject, payload }, this.#receiver);
  }

  // deno-lint-ignore require-await -- what fails must reject, not throw
  async subscribe(subject: string): Promise<void> {
    this.#check("subscribe to", subject);
    this.#subjects.add(subject);
    this.#options.exchange.subscribe(subject, this.#receiver);
  }

  // deno-lint-ignore require-await -- what fails must reject, not throw
  async unsubscribe(subject: string): Promise<void> {
    this.#check("unsubscribe from", subject);
    this.#subjects.delete(subject);
    this.#options.exchange.unsubscribe(subject, this.#receiver);
  }

  onState(run: (state: BusState) => void): { stop(): void } {
    // A function of its own, for the same `run` may be given twice.
    const observer = (state: BusState) => run(state);
    this.#observers.add(observer);
    return { stop: () => this.#observers.delete(observer) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    if (this.#state === "connected") {
      for (const subject of this.#subjects) {
        this.#options.exchange.unsubscribe(subject, this.#receiver);
      }
      this.#inbox?.clear();
      this.#setState("closed");
    }
    return Promise.resolve();
  }

  #check(action: string, subject: string): void {
    if (this.#state !== "connected") {
      throw new Error(`Cannot ${action} "${subject}": bus is ${this.#state}`);
    }
    const { length } = subject;
    if (length === 0 || length > MAX_SUBJECT_LENGTH) {
      throw new RangeError(
        `Cannot ${action} "${subject}": subject must have 1 to ${MAX_SUBJECT_LENGTH} characters, it has ${length}`,
      );
    }
  }

  #setState(state: BusState): void {
    this.#state = state;
    for (const observer of this.#observers) {
      try {
        observer(state);
      } catch (error) {
        this.#options.onError(error);
      }
    }
  }
}
