import { createRoute, z } from "@hono/zod-openapi";
import { bodyErrors, json, jsonBody } from "../answers.ts";
import type { HttpApp } from "../context.ts";
import type { AppOptions } from "../options.ts";
import {
  clientIdSchema,
  contentSchema,
  deliveredSchema,
  roomIdSchema,
  senderIdSchema,
} from "../schemas.ts";

const messageSchema = z.strictObject({
  content: contentSchema,
  sender_id: senderIdSchema,
}).openapi("NewMessage", { example: { content: { text: "hello" } } });

const broadcast = createRoute({
  method: "post",
  path: "/api/broadcast",
  operationId: "broadcast",
  tags: ["Messages"],
  summary: "Sends to every connected client",
  description:
    "A string goes to plain clients as the frame's whole text; to clients of a subprotocol, as anything but a string to all, it goes in a `broadcast` message.",
  request: {
    body: jsonBody(
      z.strictObject({ message: contentSchema }).openapi("NewBroadcast", {
        example: { message: { text: "hello, all" } },
      }),
    ),
  },
  responses: {
    200: json(
      "The message is queued for everybody",
      z.object({ status: z.literal("broadcast initiated") }).openapi(
        "Broadcast",
      ),
    ),
    ...bodyErrors(),
  },
});

const sendToRoom = createRoute({
  method: "post",
  path: "/api/rooms/{id}/messages",
  operationId: "sendToRoom",
  tags: ["Messages"],
  summary: "Sends to the members of a room",
  request: {
    params: z.object({ id: roomIdSchema }),
    body: jsonBody(messageSchema),
  },
  responses: {
    200: json("The message is queued for the members", deliveredSchema),
    ...bodyErrors(404),
  },
});

const sendToUser = createRoute({
  method: "post",
  path: "/api/users/{id}/messages",
  operationId: "sendToUser",
  tags: ["Messages"],
  summary: "Sends to every connection of a user",
  description:
    "A client without an account is addressed by its client id. 404 if nobody of that name is connected.",
  request: {
    params: z.object({ id: clientIdSchema }),
    body: jsonBody(messageSchema),
  },
  responses: {
    200: json("The message is queued for the user", deliveredSchema),
    ...bodyErrors(404),
  },
});

/** What a backend sends: to everybody, to a room, to a user. */
export function addMessageRoutes(app: HttpApp, { hub }: AppOptions): void {
  app.openapi(broadcast, (c) => {
    hub.broadcast(c.req.valid("json").message, { raw: true });
    return c.json({ status: "broadcast initiated" as const }, 200);
  });

  app.openapi(sendToRoom, (c) => {
    const { content, sender_id: senderId } = c.req.valid("json");
    const { id } = c.req.valid("param");
    const delivered = hub.publish(id, content, { senderId });
    return c.json({ status: "message sent" as const, delivered }, 200);
  });

  app.openapi(sendToUser, (c) => {
    const { content, sender_id: senderId } = c.req.valid("json");
    const { id } = c.req.valid("param");
    const delivered = hub.sendToUser(id, content, { senderId });
    return c.json({ status: "message sent" as const, delivered }, 200);
  });
}
