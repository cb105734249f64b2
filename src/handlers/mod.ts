import type { Dispatcher } from "../dispatcher/mod.ts";
import type { Hub, HubOperations } from "../hub/mod.ts";
import { registerMembership } from "./membership.ts";
import { registerMessages } from "./messages.ts";
import { registerPing } from "./ping.ts";
import { registerRooms } from "./rooms.ts";

/** Registers every message type of `docs/protocol.md` that this hub offers. */
export function registerHandlers(
  dispatcher: Dispatcher,
  options: { readonly hub: Hub; readonly operator: HubOperations },
): void {
  registerPing(dispatcher, options.hub);
  registerRooms(dispatcher, options);
  registerMembership(dispatcher, options);
  registerMessages(dispatcher, options.hub);
}
