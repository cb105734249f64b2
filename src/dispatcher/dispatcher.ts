import { asHubError, HubError } from "../errors.ts";
import type { Clock, Timer } from "../hub/clock.ts";
import type { Connection } from "../hub/connection.ts";
import type { Cell, HubCounters } from "../hub/counters.ts";
import type { Logger } from "../hub/logger.ts";
import { isMessageType } from "../protocol/message.ts";
import { Context } from "./context.ts";
import type { Handler, HandlerOptions, Reply } from "./handler.ts";
import {
  fieldProblems,
  type SchemaResult,
  type StandardSchema,
} from "./standard_schema.ts";

export interface DispatcherOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counters: HubCounters;
  /** How long an asynchronous handler may take. */
  handlerTimeoutMs(): number;
}

type Result = Reply | undefined | void;

/** A handler with its type of data forgotten: only what the schema let through gets in. */
interface Registration {
  readonly permission: string | undefined;
  readonly received: Cell;
  readonly validate: (
    data: unknown,
  ) => SchemaResult<unknown> | Promise<SchemaResult<unknown>>;
  readonly handle: Handler<unknown>;
}

/**
 * From bytes to a handler: decode → limit → permit → validate → handle → reply.
 *
 * Nothing that a peer sends, and nothing that a handler throws, gets out of here.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #handlers = new Map<string, Registration>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** The registered types, in the order of registration. */
  get types(): readonly string[] {
    return [...this.#handlers.keys()];
  }

  /**
   * Has messages of a type handled.
   *
   * @throws Error where the type is malformed or taken
   */
  handle<Data>(
    type: string,
    schema: StandardSchema<Data>,
    handler: Handler<Data>,
    options: HandlerOptions = {},
  ): void {
    if (!isMessageType(type)) {
      throw new Error(
        `Cannot register a handler: type must be 1 to 64 of [A-Za-z0-9_.:-]: current value is "${type}"`,
      );
    }
    if (this.#handlers.has(type)) {
      throw new Error(
        `Cannot register a handler for "${type}": the type has one already`,
      );
    }
    const standard = schema["~standard"];
    this.#handlers.set(type, {
      permission: options.permission,
      received: this.#options.counters.messagesIn.of(type),
      validate: (data) => standard.validate(data),
      handle: (context, data) => handler(context, data as Data),
    });
  }

  /**
   * Handles one message. Never throws, never rejects.
   *
   * @returns undefined where it is done, else a promise that settles when it is
   */
  dispatch(
    connection: Connection,
    data: string | Uint8Array,
  ): Promise<void> | undefined {
    const { counters } = this.#options;
    const parsed = connection.dialect.codec.decode(data);
    if (parsed.type === "invalid") {
      const { error, requestId: messageId } = parsed;
      connection.countInvalid();
      this.#fail(new Context(connection, { type: "", messageId }), error);
      return;
    }
    const { message } = parsed;
    const context = new Context(connection, message);
    const registration = this.#handlers.get(message.type);
    (registration?.received ?? counters.messagesIn.rest).count++;
    // Before anything that costs more than it: unknown and forbidden messages use up the rate too.
    if (!connection.takeMessage()) {
      this.#fail(context, new HubError("RATE_LIMITED"));
      return;
    }
    if (registration === undefined) {
      this.#fail(context, new HubError("UNKNOWN_MESSAGE_TYPE"));
      return;
    }
    const { permission } = registration;
    if (permission !== undefined && !connection.can(permission)) {
      this.#fail(context, new HubError("FORBIDDEN", { permission }));
      return;
    }
    try {
      const result = run(registration, { context, data: message.data });
      if (isPromiseLike(result)) return this.#settle(context, result);
      this.#reply(context, result);
    } catch (error) {
      this.#fail(context, error);
    }
  }

  async #settle(context: Context, result: PromiseLike<Result>): Promise<void> {
    const { clock, handlerTimeoutMs } = this.#options;
    let timer: Timer | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = clock.after(handlerTimeoutMs(), () => {
        context.abort();
        reject(new HubError("TIMEOUT"));
      });
    });
    try {
      this.#reply(context, await Promise.race([result, timeout]));
    } catch (error) {
      this.#fail(context, error);
    } finally {
      timer?.stop();
    }
  }

  #reply(context: Context, reply: Result): void {
    if (reply === undefined) return;
    const { type, data } = reply;
    try {
      context.connection.send({ type, data, requestId: context.messageId });
    } catch (cause) {
      throw new Error(`Cannot encode the reply "${type}"`, { cause });
    }
  }

  #fail(context: Context, error: unknown): void {
    const { counters, logger } = this.#options;
    if (error instanceof InvalidData) context.connection.countInvalid();
    let shown = asHubError(error);
    if (shown === undefined) {
      shown = new HubError("SERVER_ERROR");
      counters.handlerFailures++;
      logger.error({
        err: error,
        message_type: context.type,
        connection_id: context.connection.id,
        client_id: context.clientId,
      }, "handler failed");
    }
    counters.errors.of(shown.spec.code).count++;
    this.#sendError(context, shown);
  }

  #sendError(context: Context, error: HubError): void {
    const { connection, messageId } = context;
    const { code, text } = error.spec;
    const data = { code, message: text, request_id: messageId };
    try {
      connection.send({
        type: "error",
        data: { ...data, details: error.details },
        requestId: messageId,
      });
    } catch (err) {
      this.#options.logger.error({ err, code }, "error details not encodable");
      connection.send({ type: "error", data, requestId: messageId });
    }
  }
}

/** The sender's fault, and counted as such. */
class InvalidData extends HubError {
  constructor(details: unknown) {
    super("INVALID_FORMAT", details);
  }
}

function run(
  registration: Registration,
  message: { readonly context: Context; readonly data: unknown },
): Result | PromiseLike<Result> {
  const { context, data = {} } = message;
  const checked = registration.validate(data);
  if (!isPromiseLike(checked)) {
    return registration.handle(context, valueOf(checked));
  }
  return checked.then((late) => registration.handle(context, valueOf(late)));
}

function valueOf(checked: SchemaResult<unknown>): unknown {
  if (checked.issues === undefined) return checked.value;
  throw new InvalidData(fieldProblems(checked.issues));
}

function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
