/**
 * - `connected`: messages go out and come in.
 * - `reconnecting`: neither, until the backend is back; what is published meanwhile may be lost.
 * - `closed`: not started yet, or disposed of.
 */
export type BusState = "closed" | "connected" | "reconnecting";

export interface BusMessage {
  readonly subject: string;
  /** Shared by everyone who got the message: read it, never write to it. */
  readonly payload: Uint8Array;
}

/** The longest subject, in UTF-16 code units. */
export const MAX_SUBJECT_LENGTH = 256;

/**
 * Carries messages from one node to the others that want them.
 *
 * - **At most once.** Each node that was subscribed to a message's subject gets it once or, when a
 *   connection breaks or a queue is full, not at all. Nothing is repeated, nothing is kept.
 * - **In order** for one publisher and one subject. Nothing is promised between two of either.
 * - **Never back to its publisher.** A node serves its own connections itself.
 * - **By interest.** Only subscribed subjects arrive. A subject is any text of 1 to 256 characters
 *   and taken literally: adapters escape what means something to their backend.
 * - **Binary safe.** Any bytes, at least up to 1 MiB.
 *
 * It is started once, lives until it is disposed of, and is not started again. Outside that time
 * `publish`, `subscribe` and `unsubscribe` fail, by throwing or by rejecting.
 */
export interface MessageBus extends AsyncDisposable {
  /** Observed with `onState`. */
  readonly state: BusState;
  /** Messages from or to this node that a full queue cost, so far. */
  readonly dropped: number;

  /**
   * Connects; rejects where the backend cannot be reached.
   *
   * `onMessage` is never called from inside a call to the bus. It should not throw; if it does, the
   * error is reported and the next message comes all the same.
   */
  start(onMessage: (message: BusMessage) => void): Promise<void>;

  /**
   * Sends a message to every other node subscribed to the subject. The payload is the caller's
   * again when the call returns, or when the promise it returns settles: await that where there is
   * one, for it slows a publisher down that is faster than the backend.
   */
  publish(subject: string, payload: Uint8Array): void | Promise<void>;

  /** When it resolves, whatever others publish from then on arrives. Repeating it changes nothing. */
  subscribe(subject: string): Promise<void>;

  /** When it resolves, nothing more arrives. Harmless for a subject that is not subscribed to. */
  unsubscribe(subject: string): Promise<void>;

  /** Calls `run` after every change of `state`, until stopped. */
  onState(run: (state: BusState) => void): { stop(): void };

  /** Ends everything; when it resolves no callback is called any more. Repeating it changes nothing. */
  [Symbol.asyncDispose](): Promise<void>;
}
