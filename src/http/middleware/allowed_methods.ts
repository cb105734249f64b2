import type { HttpApp } from "../context.ts";
import { RequestError } from "../request_error.ts";

/**
 * Makes every path that has a route answer the other methods as well: OPTIONS by what it allows,
 * the rest by 405. Called once, after all routes are there.
 */
export function addAllowedMethods(app: HttpApp): void {
  const methodsByPath = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === "ALL") continue;
    const methods = methodsByPath.get(path) ?? new Set(["OPTIONS"]);
    methods.add(method);
    if (method === "GET") methods.add("HEAD");
    methodsByPath.set(path, methods);
  }
  for (const [path, methods] of methodsByPath) {
    const allow = [...methods].sort().join(", ");
    app.options(path, (c) => c.body(null, 204, { allow }));
    app.all(path, (c) => {
      throw new RequestError("UNKNOWN_MESSAGE_TYPE", {
        status: 405,
        details: `Cannot ${c.req.method} ${c.req.path}: use one of ${allow}`,
        headers: { allow },
      });
    });
  }
}
