import { createRoute, z } from "@hono/zod-openapi";
import type { ClientInfo } from "../../hub/operations.ts";
import { apiErrors, json } from "../answers.ts";
import type { HttpApp } from "../context.ts";
import type { AppOptions } from "../options.ts";
import {
  clientIdSchema,
  nextCursorSchema,
  pageQuerySchema,
  roomIdSchema,
  timestampSchema,
} from "../schemas.ts";

const clientSchema = z.object({
  id: z.string(),
  user_id: z.string().optional(),
  username: z.string().optional(),
  connections: z.array(
    z.object({
      id: z.string(),
      remote_address: z.string(),
      subprotocol: z.string().optional().openapi({
        description: "Absent for the plain dialect",
      }),
      connected_at: timestampSchema,
      rooms: z.array(z.string()),
      queued_bytes: z.int().min(0).openapi({
        description: "Bytes that wait for the peer to read",
      }),
    }).openapi("Connection"),
  ),
}).openapi("Client");

const clientParams = z.object({ id: clientIdSchema });

const listClients = createRoute({
  method: "get",
  path: "/api/clients",
  operationId: "listClients",
  tags: ["Clients"],
  summary: "Who is connected, by client id",
  request: {
    query: pageQuerySchema.extend({
      user_id: z.string().min(1).max(256).optional().openapi({
        description: "Only clients of this account",
      }),
      room_id: roomIdSchema.optional().openapi({
        description: "Only clients in this room",
      }),
    }),
  },
  responses: {
    200: json(
      "A page of the clients",
      z.object({
        total_clients: z.int().min(0).openapi({
          description: "All connected clients, whatever was asked for",
        }),
        timestamp: timestampSchema,
        clients: z.array(clientSchema),
        next_cursor: nextCursorSchema,
      }).openapi("Clients"),
    ),
    ...apiErrors(400, 404),
  },
});

const getClient = createRoute({
  method: "get",
  path: "/api/clients/{id}",
  operationId: "getClient",
  tags: ["Clients"],
  summary: "One client and its connections",
  request: { params: clientParams },
  responses: { 200: json("The client", clientSchema), ...apiErrors(400, 404) },
});

const kickClient = createRoute({
  method: "delete",
  path: "/api/clients/{id}",
  operationId: "kickClient",
  tags: ["Clients"],
  summary: "Closes a client's connections",
  description: "With close code 4503, which tells it not to come back.",
  request: {
    params: clientParams,
    query: z.strictObject({
      connection_id: z.string().min(1).max(128).optional().openapi({
        description: "Only this one of its connections",
      }),
    }),
  },
  responses: {
    200: json(
      "The connections are being closed",
      z.object({
        status: z.literal("client kicked"),
        connections: z.int().min(0).openapi({ description: "How many" }),
      }).openapi("ClientKicked"),
    ),
    ...apiErrors(400, 404),
  },
});

function toClient(client: ClientInfo): z.infer<typeof clientSchema> {
  return {
    id: client.id,
    user_id: client.userId,
    username: client.username,
    connections: client.connections.map((connection) => ({
      id: connection.id,
      remote_address: connection.remoteAddress,
      subprotocol: connection.subprotocol,
      connected_at: connection.connectedAt,
      rooms: [...connection.rooms],
      queued_bytes: connection.queuedBytes,
    })),
  };
}

/** `/api/clients` and what is below it. */
export function addClientRoutes(app: HttpApp, options: AppOptions): void {
  const { hub, clock } = options;

  app.openapi(listClients, (c) => {
    const { user_id: userId, room_id: roomId, ...page } = c.req.valid("query");
    const { items, nextCursor } = hub.listClients({ ...page, userId, roomId });
    return c.json({
      total_clients: hub.clientCount,
      timestamp: clock.wallMs(),
      clients: items.map(toClient),
      next_cursor: nextCursor,
    }, 200);
  });

  app.openapi(
    getClient,
    (c) => c.json(toClient(hub.clientInfo(c.req.valid("param").id)), 200),
  );

  app.openapi(kickClient, (c) => {
    const { connection_id: connectionId } = c.req.valid("query");
    const { id } = c.req.valid("param");
    const connections = hub.kick(id, { connectionId });
    return c.json({ status: "client kicked" as const, connections }, 200);
  });
}
