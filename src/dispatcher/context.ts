import type { Connection } from "../hub/connection.ts";
import type { MessageId } from "../protocol/message.ts";
import type { MessageContext } from "./handler.ts";

/** One message on its way through the dispatcher. */
export class Context implements MessageContext {
  readonly connection: Connection;
  readonly type: string;
  readonly messageId: MessageId | undefined;
  /** Made when a handler asks for it: most never do. */
  #aborter: AbortController | undefined;
  #isAborted = false;

  constructor(
    connection: Connection,
    message: {
      readonly type: string;
      readonly messageId: MessageId | undefined;
    },
  ) {
    this.connection = connection;
    this.type = message.type;
    this.messageId = message.messageId;
  }

  get clientId(): string {
    return this.connection.client.id;
  }

  get signal(): AbortSignal {
    this.#aborter ??= new AbortController();
    if (this.#isAborted) this.#aborter.abort();
    return this.#aborter.signal;
  }

  abort(): void {
    this.#isAborted = true;
    this.#aborter?.abort();
  }
}
