import type { MiddlewareHandler } from "hono";
import type { HttpEnv } from "../context.ts";

/** For answers that are no page: a browser that shows one runs and loads nothing. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** A page loads what this node serves and images written into its own text, and nobody frames it. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Headers that keep a browser from doing more with an answer than it is for; a route may set its own. */
export function setSecurityHeaders(): MiddlewareHandler<HttpEnv> {
  return async function (c, next) {
    await next();
    const { headers } = c.res;
    headers.set("x-content-type-options", "nosniff");
    headers.set("referrer-policy", "no-referrer");
    headers.set("cross-origin-resource-policy", "same-origin");
    if (!headers.has("content-security-policy")) {
      headers.set("content-security-policy", DATA_POLICY);
    }
    if (!headers.has("cache-control")) {
      headers.set("cache-control", "no-store");
    }
  };
}
