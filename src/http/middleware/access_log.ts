import type { MiddlewareHandler } from "hono";
import type { Clock } from "../../hub/clock.ts";
import type { Logger } from "../../hub/logger.ts";
import type { HttpEnv } from "../context.ts";

export interface AccessLogOptions {
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Logs every request once it is answered: its path, and never its query, which may carry a token. */
export function logAccess(
  { logger, clock }: AccessLogOptions,
): MiddlewareHandler<HttpEnv> {
  return async function (c, next) {
    const startMs = clock.nowMs();
    await next();
    logger.debug({
      request_id: c.var.requestId,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      duration_ms: clock.nowMs() - startMs,
      remote_address: c.env.remoteAddress,
    }, "http request");
  };
}
