export { createApp } from "./app.ts";
export type {
  AppOptions,
  HealthState,
  HttpSettings,
  ReloadOutcome,
} from "./options.ts";
