import assert from "node:assert/strict";
import { loadConfig } from "../../src/config/load_config.ts";
import { ConfigError } from "../../src/config/problem.ts";
import type { Config } from "../../src/config/schema.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** The configuration of a file with this text and of this environment. */
export function load(yaml: string, env: Env = {}): Promise<Config> {
  return loadConfig({
    configPath: "hubbub.yaml",
    env,
    readTextFile: () => Promise.resolve(yaml),
  });
}

/** Why a file with this text is refused. */
export async function problemsOf(
  yaml: string,
  env: Env = {},
): Promise<readonly string[]> {
  try {
    await load(yaml, env);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  assert.fail("Cannot go on: the configuration was not refused");
}
