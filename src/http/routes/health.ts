import { createRoute, z } from "@hono/zod-openapi";
import { json } from "../answers.ts";
import type { HttpApp } from "../context.ts";
import type { AppOptions, HealthState } from "../options.ts";

const healthSchema = z.object({
  status: z.enum(["ok", "starting", "draining"]),
  version: z.string(),
  node_id: z.string(),
  uptime_s: z.int().min(0).openapi({ description: "Whole seconds" }),
  bus: z.string().openapi({ description: "What joins the node to others" }),
  store: z.string().openapi({ description: "Where messages are kept" }),
}).openapi("Health");

const READY_ANSWERS = {
  200: json("The node takes traffic", healthSchema),
  503: json("The node is starting or draining: send it nothing", healthSchema),
} as const;

const health = createRoute({
  method: "get",
  path: "/health",
  operationId: "getHealth",
  tags: ["Health"],
  security: [],
  summary: "Whether the node takes traffic",
  responses: READY_ANSWERS,
});

const ready = createRoute({
  method: "get",
  path: "/health/ready",
  operationId: "getReadiness",
  tags: ["Health"],
  security: [],
  summary: "The same, for a readiness probe",
  responses: READY_ANSWERS,
});

const live = createRoute({
  method: "get",
  path: "/health/live",
  operationId: "getLiveness",
  tags: ["Health"],
  security: [],
  summary: "Whether the process answers at all, for a liveness probe",
  description:
    "200 while starting and draining too: a probe that fails then would end a node in the midst of it.",
  responses: { 200: json("The process is alive", healthSchema) },
});

/** `/health`, `/health/ready` and `/health/live`; open to everybody, so they name no peer and no limit. */
export function addHealthRoutes(app: HttpApp, options: AppOptions): void {
  const { clock } = options;
  // The wall clock may be set; how long the node is up must not change with it.
  const startedNowMs = clock.nowMs() - (clock.wallMs() - options.startedAtMs);

  function report(state: HealthState): z.infer<typeof healthSchema> {
    return {
      status: state === "ready" ? "ok" : state,
      version: options.version,
      node_id: options.nodeId,
      uptime_s: Math.max(0, Math.floor((clock.nowMs() - startedNowMs) / 1_000)),
      bus: "none",
      store: "none",
    };
  }

  app.openapi(live, (c) => c.json(report(options.health.state()), 200));
  for (const route of [health, ready]) {
    app.openapi(route, (c) => {
      const state = options.health.state();
      return c.json(report(state), state === "ready" ? 200 : 503);
    });
  }
}
