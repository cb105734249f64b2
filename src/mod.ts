/**
 * Hubbub as a library.
 *
 * ```ts
 * import { startHub } from "hubbub";
 * import { z } from "zod";
 *
 * await using node = await startHub({ config: { server: { port: 8080 } } });
 * node.api.handle("shout", z.object({ text: z.string() }), (_context, { text }) => ({
 *   type: "shouted",
 *   data: { text: text.toUpperCase() },
 * }));
 * node.api.publish("lobby", { hello: "world" });
 * ```
 *
 * @module
 */
import { runtime } from "#runtime";
import {
  type ConfigInput,
  LiveConfig,
  loadConfig,
  parseConfig,
} from "./config/mod.ts";
import { HubNode } from "./node.ts";
import { createLogger } from "./telemetry/logger.ts";

export type { HubApi } from "./api.ts";
export type { Config, ConfigInput, ReloadResult } from "./config/mod.ts";
export type {
  Handler,
  HandlerOptions,
  MessageContext,
  Reply,
  StandardSchema,
} from "./dispatcher/mod.ts";
export { type ErrorName, ERRORS, HubError } from "./errors.ts";
export type { HandlerModule } from "./handler_modules.ts";
export type * from "./hub/operations.ts";
export type { Logger } from "./hub/logger.ts";
export { HubNode } from "./node.ts";
export { VERSION } from "./version.ts";

/** What to start a hub with; without anything it is what `--config` is left out for. */
export interface StartOptions {
  /** The configuration as an object; the environment is not read then. */
  readonly config?: ConfigInput;
  /** The configuration as a YAML file, with the environment over it; watched for changes. */
  readonly configPath?: string;
}

/**
 * Starts a node in this process.
 *
 * @returns the node, ready; dispose of it (or call `drain`) to stop it
 * @throws ConfigError where the configuration cannot be used, Error where the address cannot be had
 */
export async function startHub(options: StartOptions = {}): Promise<HubNode> {
  const { config: input, configPath } = options;
  const load = () =>
    input === undefined
      ? loadConfig({
        configPath,
        env: runtime.env(),
        readTextFile: runtime.readTextFile,
      })
      : Promise.resolve(parseConfig(input));
  const config = await load();
  const { level, format } = config.log;
  const isPretty = format === "auto" ? runtime.isTerminal : format === "pretty";
  const logger = await createLogger({
    level,
    format: isPretty ? "pretty" : "json",
    color: runtime.isTerminal,
    write: runtime.writeStdout,
    clock: runtime.clock,
  });
  const live = new LiveConfig({ config, load, configPath, logger });
  const node = new HubNode({ config: live, runtime, logger });
  try {
    await node.start();
  } catch (error) {
    await node.drain();
    throw error;
  }
  return node;
}
