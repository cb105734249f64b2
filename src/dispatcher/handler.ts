import type { Connection } from "../hub/connection.ts";
import type { MessageId } from "../protocol/message.ts";

/** What a handler knows of the message at hand besides its `data`. */
export interface MessageContext {
  /** Whose message it is. It may be closed by the time an asynchronous handler looks. */
  readonly connection: Connection;
  readonly clientId: string;
  /** What the client called the message; undefined where it asks for no reply. */
  readonly messageId: MessageId | undefined;
  /** Aborted when the handler's time is over. */
  readonly signal: AbortSignal;
}

/** What the sender gets back; it carries the message's id as `request_id`. */
export interface Reply {
  readonly type: string;
  readonly data: unknown;
}

/**
 * Acts on one message whose `data` fits the schema. Returns the reply, or nothing for none.
 *
 * A `HubError` that it throws is what the sender gets; anything else is logged and the sender gets
 * 1003. The next message of the same connection waits until a returned promise has settled.
 */
export type Handler<Data> = (
  context: MessageContext,
  data: Data,
) => Reply | undefined | void | Promise<Reply | undefined | void>;

export interface HandlerOptions {
  /** Without it the sender gets 2001; absent: everybody may. */
  readonly permission?: string;
}
