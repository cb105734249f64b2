import type { MiddlewareHandler } from "hono";
import type { HttpEnv } from "../context.ts";
import { toHubError } from "../request_error.ts";

/** Turns whatever a handler throws into an error; the framework lets what is no `Error` fall through. */
export function nameThrown(): MiddlewareHandler<HttpEnv> {
  return async function (_c, next) {
    try {
      await next();
    } catch (thrown) {
      throw toHubError(thrown);
    }
  };
}
