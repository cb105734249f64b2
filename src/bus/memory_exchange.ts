import type { BusMessage } from "./bus.ts";

/** Takes the messages of one subscriber, to handle them later; it must not throw. */
export type Receiver = (message: BusMessage) => void;

/** What the memory buses of one process have in common: who wants which subject. */
export class MemoryExchange {
  readonly #subscribers = new Map<string, Set<Receiver>>();

  /** Subjects that somebody is subscribed to. */
  get subjectCount(): number {
    return this.#subscribers.size;
  }

  subscribe(subject: string, receiver: Receiver): void {
    const receivers = this.#subscribers.get(subject);
    if (receivers === undefined) {
      this.#subscribers.set(subject, new Set([receiver]));
    } else receivers.add(receiver);
  }

  unsubscribe(subject: string, receiver: Receiver): void {
    const receivers = this.#subscribers.get(subject);
    if (receivers === undefined) return;
    receivers.delete(receiver);
    if (receivers.size === 0) this.#subscribers.delete(subject);
  }

  /** Hands a message to every subscriber but its sender. */
  publish({ subject, payload }: BusMessage, sender: Receiver): void {
    const receivers = this.#subscribers.get(subject);
    if (receivers === undefined) return;
    let message: BusMessage | undefined;
    for (const receiver of receivers) {
      if (receiver === sender) continue;
      // The payload stays the publisher's: one copy for all, made only where somebody gets it.
      // Not `slice()`, which on a `Buffer` copies nothing.
      message ??= { subject, payload: new Uint8Array(payload) };
      receiver(message);
    }
  }
}
