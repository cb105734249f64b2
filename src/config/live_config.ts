import type { Logger } from "../hub/logger.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { diffConfig, keepRestartKeys } from "./config_diff.ts";
import { ConfigError } from "./problem.ts";
import { checkCombinations } from "./resolve.ts";
import type { Config } from "./schema.ts";

/** What a reload came to. */
export type ReloadResult =
  | {
    readonly type: "applied";
    /** The live keys that changed. */
    readonly changed: readonly string[];
    /** Keys whose new value waits for a restart. */
    readonly needsRestart: readonly string[];
  }
  | { readonly type: "unchanged"; readonly needsRestart: readonly string[] }
  /** Nothing was changed; `problems` are lines. */
  | { readonly type: "refused"; readonly problems: readonly string[] };

/**
 * Puts a configuration into effect, synchronously and whole. What it throws refuses the reload; it
 * is then called again with the configuration before.
 */
export type ConfigListener = (config: Config) => void;

export interface LiveConfigOptions {
  /** What the process started with. */
  readonly config: Config;
  /** Reads the configuration anew; throws `ConfigError` where it cannot be used. */
  load(): Promise<Config>;
  /** The file to watch; undefined: none. */
  readonly configPath?: string | undefined;
  readonly logger: Logger;
}

/**
 * The configuration of a running process. A reload is validated whole and applied whole, or changes
 * nothing; keys that need a restart keep the value the process started with.
 */
export class LiveConfig {
  #current: Config;
  readonly #options: LiveConfigOptions;
  readonly #listeners = new Set<ConfigListener>();
  #running: Promise<unknown> = Promise.resolve();
  #waiting: Promise<ReloadResult> | undefined;

  constructor(options: LiveConfigOptions) {
    this.#options = options;
    this.#current = options.config;
  }

  /** What is in effect now; frozen, and replaced by a reload. */
  get current(): Config {
    return this.#current;
  }

  /** Calls `listener` with every configuration that takes effect from now on, in order of arrival. */
  onChange(listener: ConfigListener): { stop(): void } {
    this.#listeners.add(listener);
    return { stop: () => this.#listeners.delete(listener) };
  }

  /** Reloads whenever the configuration file changes, until stopped. */
  watch(runtime: Pick<Runtime, "watchFile">): { stop(): void } {
    const { configPath } = this.#options;
    if (configPath === undefined) return { stop() {} };
    return runtime.watchFile(configPath, () => void this.reload());
  }

  /**
   * Reads the configuration and puts it into effect. Never rejects. One reload runs at a time; all
   * that are asked for meanwhile share one that starts after it, and so sees what they saw.
   */
  reload(): Promise<ReloadResult> {
    if (this.#waiting !== undefined) return this.#waiting;
    const reload = this.#running.then(() => {
      this.#waiting = undefined;
      return this.#reload();
    });
    this.#waiting = reload;
    this.#running = reload;
    return reload;
  }

  async #reload(): Promise<ReloadResult> {
    let loaded: Config;
    try {
      loaded = await this.#options.load();
    } catch (error) {
      return this.#refuse(
        error instanceof ConfigError ? error.problems : [
          "Cannot read the configuration: it failed unexpectedly, see the log",
        ],
        error instanceof ConfigError ? undefined : error,
      );
    }
    const { live: changed, needsRestart } = diffConfig(this.#current, loaded);
    const candidate = keepRestartKeys(this.#current, loaded);
    // Each of the two may be right, and what waits for the restart be missing in their mixture.
    const problems = checkCombinations(candidate);
    if (problems.length > 0) {
      return this.#refuse([...problems, ...needsRestart.map(waitsForRestart)]);
    }
    if (changed.length > 0) {
      const failure = this.#apply(candidate);
      if (failure !== undefined) return failure;
    }
    const { logger } = this.#options;
    if (needsRestart.length > 0) {
      logger.warn({ keys: needsRestart }, "configuration keys need a restart");
    }
    if (changed.length === 0) {
      logger.info({}, "configuration unchanged");
      return { type: "unchanged", needsRestart };
    }
    logger.info({ keys: changed }, "configuration reloaded");
    return { type: "applied", changed, needsRestart };
  }

  /** Tells every listener, or, where one fails, brings all that were told back. */
  #apply(candidate: Config): ReloadResult | undefined {
    const previous = this.#current;
    const told: ConfigListener[] = [];
    this.#current = candidate;
    for (const listener of [...this.#listeners]) {
      told.push(listener);
      try {
        listener(candidate);
      } catch (error) {
        this.#current = previous;
        this.#restore(told.reverse(), previous);
        return this.#refuse(
          ["Cannot apply the configuration: it failed unexpectedly, see the log"],
          error,
        );
      }
    }
    return undefined;
  }

  #restore(listeners: readonly ConfigListener[], previous: Config): void {
    for (const listener of listeners) {
      try {
        listener(previous);
      } catch (err) {
        this.#options.logger.error({ err }, "configuration not restored");
      }
    }
  }

  #refuse(problems: readonly string[], err?: unknown): ReloadResult {
    const fields = err === undefined ? { problems } : { problems, err };
    this.#options.logger.error(fields, "configuration refused");
    return { type: "refused", problems };
  }
}

function waitsForRestart(key: string): string {
  return `Cannot use the new ${key}: it needs a restart`;
}
