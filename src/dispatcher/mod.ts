export { Dispatcher, type DispatcherOptions } from "./dispatcher.ts";
export type {
  Handler,
  HandlerOptions,
  MessageContext,
  Reply,
} from "./handler.ts";
export type { StandardSchema } from "./standard_schema.ts";
export { Turns } from "./turns.ts";
