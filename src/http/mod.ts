export { createApp } from "./app.ts";
export type { AppOptions, HealthState, HttpSettings } from "./options.ts";
