export { Connection, type ConnectionState } from "./connection.ts";
export { Hub, type HubOptions } from "./hub.ts";
export { Operator } from "./operator.ts";
export type * from "./operations.ts";
export type { HubSettings, RoomSettings } from "./settings.ts";
