import type {
  Dispatcher,
  Handler,
  HandlerOptions,
  StandardSchema,
} from "./dispatcher/mod.ts";
import type { Logger } from "./hub/logger.ts";
import { type Hub, Operator } from "./hub/mod.ts";

/**
 * The hub as a handler module and an embedding program see it: everything a backend may do
 * (`HubOperations`), and handlers for message types of their own.
 */
export class HubApi extends Operator {
  /** The node's log. */
  readonly logger: Logger;
  readonly #dispatcher: Dispatcher;

  constructor(
    hub: Hub,
    options: { readonly dispatcher: Dispatcher; readonly logger: Logger },
  ) {
    super(hub);
    this.#dispatcher = options.dispatcher;
    this.logger = options.logger;
  }

  /**
   * Has messages of a type handled.
   *
   * @example
   * ```ts
   * hub.handle("roll_dice", z.object({ sides: z.int().min(2) }), (context, { sides }) => ({
   *   type: "dice_rolled",
   *   data: { by: context.clientId, value: 1 + Math.floor(Math.random() * sides) },
   * }));
   * ```
   *
   * @param schema says what `data` must be; any Standard Schema (zod, valibot, arktype …)
   * @throws Error where the type is malformed or has a handler already
   */
  handle<Data>(
    type: string,
    schema: StandardSchema<Data>,
    handler: Handler<Data>,
    options?: HandlerOptions,
  ): void {
    this.#dispatcher.handle(type, schema, handler, options);
  }
}
