import { createRoute, z } from "@hono/zod-openapi";
import { apiErrors, json } from "../answers.ts";
import type { HttpApp } from "../context.ts";
import type { AppOptions } from "../options.ts";
import { timestampSchema } from "../schemas.ts";

const nodeSchema = z.object({
  id: z.string(),
  address: z.string().openapi({ example: "127.0.0.1:8080" }),
  clients: z.int().min(0),
  rooms: z.int().min(0),
  started_at: timestampSchema,
  version: z.string(),
  state: z.enum(["starting", "ready", "draining"]),
}).openapi("Node");

const nodes = createRoute({
  method: "get",
  path: "/api/nodes",
  operationId: "listNodes",
  tags: ["Cluster"],
  summary: "The nodes of the cluster",
  responses: {
    200: json("Every node; a standalone one names itself", z.array(nodeSchema)),
    ...apiErrors(),
  },
});

const stats = createRoute({
  method: "get",
  path: "/api/stats",
  operationId: "getStats",
  tags: ["Cluster"],
  summary: "How many clients and rooms there are",
  responses: {
    200: json(
      "Counts of the whole cluster",
      z.object({
        client_count: z.int().min(0),
        room_count: z.int().min(0),
        timestamp: timestampSchema,
        cluster_mode: z.string().openapi({ example: "standalone" }),
        nodes: z.array(nodeSchema),
      }).openapi("Stats"),
    ),
    ...apiErrors(),
  },
});

/** `/api/nodes` and `/api/stats`. */
export function addNodeRoutes(app: HttpApp, options: AppOptions): void {
  const { hub, clock } = options;

  function describeThisNode(): z.infer<typeof nodeSchema> {
    return {
      id: options.nodeId,
      address: options.address(),
      clients: hub.clientCount,
      rooms: hub.roomCount,
      started_at: options.startedAtMs,
      version: options.version,
      state: options.health.state(),
    };
  }

  app.openapi(nodes, (c) => c.json([describeThisNode()], 200));
  app.openapi(stats, (c) =>
    c.json({
      client_count: hub.clientCount,
      room_count: hub.roomCount,
      timestamp: clock.wallMs(),
      cluster_mode: "standalone",
      nodes: [describeThisNode()],
    }, 200));
}
