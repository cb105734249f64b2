import { CLOSES } from "../errors.ts";
import type { Connection } from "../hub/connection.ts";
import { splitFrame } from "../protocol/split.ts";

type Message = string | Uint8Array;

export interface TurnsOptions {
  /** Handles one message; a promise where it takes its time. Neither throws nor rejects. */
  dispatch(connection: Connection, message: Message): Promise<void> | undefined;
  /** Bytes of messages that may wait for their turn, by connection. */
  waitingBytes(): number;
}

/** Messages of one connection that wait for the one before them. */
class Waiting {
  readonly #messages: Message[] = [];
  #next = 0;
  bytes = 0;

  push(message: Message): void {
    // The transport may reuse its bytes after the call.
    this.#messages.push(
      typeof message === "string" ? message : message.slice(),
    );
    this.bytes += message.length;
  }

  shift(): Message | undefined {
    const message = this.#messages[this.#next++];
    if (message !== undefined) this.bytes -= message.length;
    return message;
  }
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
    const waiting = this.#waiting.size === 0
      ? undefined
      : this.#waiting.get(connection);
    const messages = splitFrame(frame, connection.dialect);
    if (waiting !== undefined) {
      for (const message of messages) waiting.push(message);
      this.#limit(connection, waiting.bytes);
      return;
    }
    for (let i = 0; i < messages.length; i++) {
      const message = messages[i];
      if (message === undefined) continue;
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
      if (message === undefined || connection.state !== "open") break;
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
