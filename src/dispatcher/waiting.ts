/** A message as it came from the socket. */
export type Message = string | Uint8Array;

/** What a waiting message takes in memory besides its payload, roughly. */
const OVERHEAD_BYTES = 128;

/** Messages of one connection that wait for the one before them. */
export class Waiting {
  #messages: Message[] = [];
  #next = 0;
  #bytes = 0;

  /** What the messages take in memory, roughly: many small ones weigh more than a large one. */
  get bytes(): number {
    return this.#bytes;
  }

  push(message: Message): void {
    // The transport may reuse its bytes after the call.
    this.#messages.push(
      typeof message === "string" ? message : message.slice(),
    );
    this.#bytes += weightOf(message);
  }

  /** Takes out the oldest. */
  shift(): Message | undefined {
    const message = this.#messages[this.#next];
    if (message === undefined) return undefined;
    this.#next++;
    this.#bytes -= weightOf(message);
    // A peer may keep some waiting for hours: what was handled must not stay.
    if (this.#next > this.#messages.length / 2) {
      this.#messages = this.#messages.slice(this.#next);
      this.#next = 0;
    }
    return message;
  }
}

function weightOf(message: Message): number {
  return message.length + OVERHEAD_BYTES;
}
