import type { HttpApp } from "../context.ts";
import { PAGE_POLICY } from "../middleware/security_headers.ts";
import type { AppOptions } from "../options.ts";

const SCHEMES = {
  bearer: {
    type: "http",
    scheme: "bearer",
    description: "The configured API key",
  },
  apiKey: {
    type: "apiKey",
    in: "header",
    name: "X-API-Key",
    description: "The configured API key",
  },
} as const;

const TAGS = [
  { name: "Messages", description: "Send to everybody, a room, or a user" },
  { name: "Rooms" },
  { name: "Clients" },
  { name: "Cluster" },
  { name: "Administration" },
  { name: "Health", description: "For probes and monitoring; open" },
  { name: "WebSocket" },
];

/** Third-party code under a constant address: it changes with a release at most. */
const ASSET_CACHE = "public, max-age=86400";

/** `/openapi.json`, made from the very schemas that check requests, and `/docs`, which shows it. */
export function addReferenceRoutes(app: HttpApp, options: AppOptions): void {
  for (const [name, scheme] of Object.entries(SCHEMES)) {
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  }

  // Built when first asked for: a node that nobody asks pays nothing.
  let document: string | undefined;
  app.get("/openapi.json", (c) => {
    document ??= JSON.stringify(app.getOpenAPI31Document({
      openapi: "3.1.0",
      info: {
        title: "Hubbub HTTP API",
        version: options.version,
        description: "Errors are `{code, message, details?}`.",
      },
      servers: [{ url: "/" }],
      tags: TAGS,
      // The empty one: nothing, from this machine, while no key is configured.
      security: [{ bearer: [] }, { apiKey: [] }, {}],
    }));
    return c.body(document, 200, { "content-type": "application/json" });
  });

  app.get("/docs", async (c) => {
    const { page } = await import("../pages/reference_assets.ts");
    return c.html(page, 200, { "content-security-policy": PAGE_POLICY });
  });
  app.get("/docs/reference.js", async (c) => {
    const { start } = await import("../pages/reference_assets.ts");
    return c.body(start, 200, {
      "content-type": "text/javascript; charset=utf-8",
    });
  });
  app.get("/docs/swagger-ui.js", async (c) => {
    const { script } = await import("../pages/reference_assets.ts");
    return c.body(script, 200, {
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": ASSET_CACHE,
    });
  });
  app.get("/docs/swagger-ui.css", async (c) => {
    const { style } = await import("../pages/reference_assets.ts");
    return c.body(style, 200, {
      "content-type": "text/css; charset=utf-8",
      "cache-control": ASSET_CACHE,
    });
  });
}
