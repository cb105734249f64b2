import { createRoute, z } from "@hono/zod-openapi";
import type { HttpApp } from "../context.ts";
import type { AppOptions } from "../options.ts";

/** The metrics, where they are collected at all. */
export function addMetricsRoute(app: HttpApp, options: AppOptions): void {
  const { metrics } = options;
  if (metrics === undefined) return;
  const route = createRoute({
    method: "get",
    path: options.metricsPath,
    operationId: "getMetrics",
    tags: ["Health"],
    security: [],
    summary: "Metrics of the node in the text format of Prometheus",
    responses: {
      200: {
        description: "All metrics",
        content: { "text/plain": { schema: z.string() } },
      },
    },
  });
  app.openapi(route, async (c) => {
    const { contentType, body } = await metrics.scrape();
    return c.text(body, 200, { "content-type": contentType });
  });
}
