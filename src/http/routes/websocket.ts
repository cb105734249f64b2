import { createRoute, z } from "@hono/zod-openapi";
import { json } from "../answers.ts";
import type { HttpApp } from "../context.ts";
import type { AppOptions } from "../options.ts";
import { RequestError } from "../request_error.ts";
import { errorSchema } from "../schemas.ts";

/** Answers whoever comes to the WebSocket's path by plain HTTP; an upgrade never gets here. */
export function addWebSocketRoute(app: HttpApp, options: AppOptions): void {
  const route = createRoute({
    method: "get",
    path: options.websocketPath,
    operationId: "connect",
    tags: ["WebSocket"],
    security: [],
    summary: "Where clients connect",
    description:
      "Ask for the subprotocol `hubbub.v1.json`, or for none to speak the plain dialect.",
    request: {
      query: z.object({
        client_id: z.string().optional().openapi({
          description: "Names an anonymous client; else one is generated",
        }),
      }),
    },
    responses: {
      101: { description: "The connection is a WebSocket from here on" },
      426: json("The request asks for no upgrade", errorSchema),
    },
  });
  app.openapi(route, () => {
    throw new RequestError("INVALID_FORMAT", {
      status: 426,
      details: `Cannot GET ${options.websocketPath}: connect with a WebSocket`,
      headers: { upgrade: "websocket" },
    });
  });
}
