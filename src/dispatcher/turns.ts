import { CLOSES } from "../errors.ts";
import type { Connection } from "../hub/connection.ts";
import { splitFrame } from "../protocol/split.ts";
import { type Message, Waiting } from "./waiting.ts";

export interface TurnsOptions {
  /** Handles one message; a promise where it takes its time. Neither throws nor rejects. */
  dispatch(connection: Connection, message: Message): Promise<void> | undefined;
  /** Bytes of messages that may wait for their turn, by connection. */
  waitingBytes(): number;
}

/**
 * Has the messages of one connection handled one after the other, in the order they came; those of
 * different connections do not wait for each other.
 *
 * A peer that goes on sending while a handler takes its time is first read no further (where its
 * socket can do that) and in the end closed with 4004.
 */
export class Turns {
  readonly #options: TurnsOptions;
  /** Connections with a message under way. */
  readonly #waiting = new Map<Connection, Waiting>();

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Takes one frame. Never throws. */
  receive(connection: Connection, frame: Message): void {
    const waiting = this.#waiting.get(connection);
    const messages = splitFrame(frame, connection.dialect);
    if (waiting !== undefined) {
      for (const message of messages) waiting.push(message);
      this.#limit(connection, waiting.bytes);
      return;
    }
    for (const [i, message] of messages.entries()) {
      // Whoever is about to be closed gets no more answers, however many messages the frame holds.
      if (!connection.isListening) return;
      const pending = this.#options.dispatch(connection, message);
      if (pending === undefined) continue;
      const rest = new Waiting();
      for (const later of messages.slice(i + 1)) rest.push(later);
      this.#waiting.set(connection, rest);
      this.#handleRest(connection, { pending, rest });
      return;
    }
  }

  async #handleRest(
    connection: Connection,
    turn: { readonly pending: Promise<void>; readonly rest: Waiting },
  ): Promise<void> {
    await turn.pending;
    for (;;) {
      const message = turn.rest.shift();
      if (message === undefined || !connection.isListening) break;
      await this.#options.dispatch(connection, message);
    }
    this.#waiting.delete(connection);
    connection.resume();
  }

  #limit(connection: Connection, bytes: number): void {
    const limitBytes = this.#options.waitingBytes();
    if (bytes > limitBytes) connection.closeSoon(CLOSES.RATE_LIMITED);
    else if (bytes > limitBytes / 2) connection.pause();
  }
}
