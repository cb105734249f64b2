export { type CliArguments, HELP_TEXT, parseCliArguments } from "./cli.ts";
export { describeConfig } from "./describe_config.ts";
export {
  type ConfigListener,
  LiveConfig,
  type LiveConfigOptions,
  type ReloadResult,
} from "./live_config.ts";
export { loadConfig, type LoadOptions } from "./load_config.ts";
export { ConfigError } from "./problem.ts";
export { parseConfig } from "./resolve.ts";
export type { Config, ConfigInput, RoomOptions } from "./schema.ts";
