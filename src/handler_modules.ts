import type { HubApi } from "./api.ts";
import type { Runtime } from "./runtime/runtime.ts";

/** What a module named under `handlers` exports by default. */
export type HandlerModule = (hub: HubApi) => void | Promise<void>;

/**
 * Loads the modules in order and has each register its handlers.
 *
 * @throws Error with the module's path where one cannot be loaded, exports no function or fails
 */
export async function loadHandlers(
  paths: readonly string[],
  options: {
    readonly runtime: Pick<Runtime, "importModule">;
    readonly api: HubApi;
  },
): Promise<void> {
  for (const path of paths) {
    try {
      const register = defaultExport(await options.runtime.importModule(path));
      await register(options.api);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Cannot load handlers from ${path}: ${reason}`, {
        cause,
      });
    }
  }
}

function defaultExport(module: unknown): HandlerModule {
  if (typeof module === "object" && module !== null && "default" in module) {
    const { default: register } = module;
    // Its parameters cannot be checked from here: what it does with the hub is its own affair.
    if (typeof register === "function") return register as HandlerModule;
  }
  throw new Error("it must export a function by default");
}
