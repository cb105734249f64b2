import { collectSettings } from "./collect.ts";
import { collectEnvironment } from "./environment.ts";
import { ConfigError } from "./problem.ts";
import { resolveSettings } from "./resolve.ts";
import type { Config } from "./schema.ts";
import { type Collected, mergeSettings } from "./settings.ts";
import { type Environment, namedVariables } from "./substitution.ts";
import { yamlSource } from "./yaml_source.ts";

/** Where the configuration comes from. */
export interface LoadOptions {
  /** The YAML file; undefined: none. */
  readonly configPath?: string | undefined;
  readonly env: Environment;
  /** A file's text; throws where it cannot be read. */
  readTextFile(path: string): Promise<string>;
}

/**
 * Reads the whole configuration: the environment wins over the file, the file over the defaults.
 *
 * @throws ConfigError with every problem there is
 */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const { configPath, env } = options;
  const text = configPath === undefined
    ? ""
    : await readFile(configPath, options);
  const file: Collected = configPath === undefined
    ? { settings: [], problems: [] }
    : collectSettings(yamlSource(text, { path: configPath, env }));
  const environment = collectEnvironment(env, namedVariables(text));
  return resolveSettings(
    mergeSettings(file.settings, environment.settings),
    [...file.problems, ...environment.problems],
  );
}

async function readFile(path: string, options: LoadOptions): Promise<string> {
  try {
    return await options.readTextFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const line = reason.replaceAll(/\s+/g, " ");
    throw new ConfigError([`Cannot read ${path}: ${line}`], { cause });
  }
}
