import process from "node:process";
import type { Listener, ListenOptions } from "../runtime.ts";
import { listenNative } from "./native_listener.ts";
import { listenWs } from "./ws_listener.ts";

/**
 * Listens with the transport asked for; `auto` is `ws`, but on Deno Deploy, where traffic reaches a
 * program through `Deno.serve` alone.
 *
 * @throws Error where the port cannot be bound, or the transport lacks what is asked for.
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  switch (options.transport) {
    case "ws":
      return await listenWs(options);
    case "native":
      return listenNative(options);
    case "auto":
      return isDeploy() ? listenNative(options) : await listenWs(options);
    default:
      return options.transport satisfies never;
  }
}

function isDeploy(): boolean {
  return process.env.DENO_DEPLOYMENT_ID !== undefined;
}
