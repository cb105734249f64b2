import { createRoute, z } from "@hono/zod-openapi";
import { apiErrors, bodyErrors, json, jsonBody } from "../answers.ts";
import type { HttpApp } from "../context.ts";
import type { MemberInfo, RoomInfo } from "../../hub/operations.ts";
import type { AppOptions } from "../options.ts";
import {
  nextCursorSchema,
  pageQuerySchema,
  roomIdSchema,
  timestampSchema,
} from "../schemas.ts";

const maxClientsSchema = z.int().min(0).openapi({
  description: "The most clients the room takes; 0: no limit",
});

const roomSchema = z.object({
  id: z.string(),
  name: z.string(),
  member_count: z.int().min(0).openapi({
    description: "Clients, however many connections each has",
  }),
  max_clients: maxClientsSchema,
}).openapi("Room");

const memberSchema = z.object({
  client_id: z.string(),
  user_id: z.string().optional(),
  username: z.string().optional(),
  joined_at: timestampSchema,
}).openapi("Member");

const roomParams = z.object({ id: roomIdSchema });

const listRooms = createRoute({
  method: "get",
  path: "/api/rooms",
  operationId: "listRooms",
  tags: ["Rooms"],
  summary: "The rooms, by id",
  request: { query: pageQuerySchema },
  responses: {
    200: {
      ...json("A page of the rooms", z.array(roomSchema)),
      headers: {
        Link: {
          description: "The next page, as `rel=next`; absent on the last",
          schema: { type: "string" as const },
        },
      },
    },
    ...apiErrors(400),
  },
});

const createRoom = createRoute({
  method: "post",
  path: "/api/rooms",
  operationId: "createRoom",
  tags: ["Rooms"],
  summary: "Makes a room",
  description: "It stays until it is deleted, with or without members.",
  request: {
    body: jsonBody(
      z.strictObject({
        id: roomIdSchema,
        name: z.string().min(1).max(256).optional(),
        max_clients: maxClientsSchema.optional(),
      }).openapi("NewRoom"),
    ),
  },
  responses: {
    201: json(
      "The room is there",
      z.object({ status: z.literal("room created") }).openapi("RoomCreated"),
    ),
    ...bodyErrors(409, 429),
  },
});

const getRoom = createRoute({
  method: "get",
  path: "/api/rooms/{id}",
  operationId: "getRoom",
  tags: ["Rooms"],
  summary: "One room",
  request: { params: roomParams },
  responses: { 200: json("The room", roomSchema), ...apiErrors(400, 404) },
});

const deleteRoom = createRoute({
  method: "delete",
  path: "/api/rooms/{id}",
  operationId: "deleteRoom",
  tags: ["Rooms"],
  summary: "Removes a room and tells its members",
  request: { params: roomParams },
  responses: {
    200: json(
      "The room is gone",
      z.object({ status: z.literal("room deleted") }).openapi("RoomDeleted"),
    ),
    ...apiErrors(400, 404),
  },
});

const listMembers = createRoute({
  method: "get",
  path: "/api/rooms/{id}/members",
  operationId: "listMembers",
  tags: ["Rooms"],
  summary: "Who is in a room, by client id",
  request: { params: roomParams, query: pageQuerySchema },
  responses: {
    200: json(
      "A page of the members",
      z.object({
        room_id: z.string(),
        members: z.array(memberSchema),
        count: z.int().min(0).openapi({ description: "Of all pages" }),
        next_cursor: nextCursorSchema,
      }).openapi("Members"),
    ),
    ...apiErrors(400, 404),
  },
});

function toRoom(room: RoomInfo): z.infer<typeof roomSchema> {
  return {
    id: room.id,
    name: room.name,
    member_count: room.memberCount,
    max_clients: room.maxClients,
  };
}

function toMember(member: MemberInfo): z.infer<typeof memberSchema> {
  return {
    client_id: member.clientId,
    user_id: member.userId,
    username: member.username,
    joined_at: member.joinedAt,
  };
}

/** `/api/rooms` and what is below it, messages aside. */
export function addRoomRoutes(app: HttpApp, { hub }: AppOptions): void {
  app.openapi(listRooms, (c) => {
    const query = c.req.valid("query");
    const { items, nextCursor } = hub.listRooms(query);
    if (nextCursor !== undefined) {
      const next = new URLSearchParams({
        cursor: nextCursor,
        limit: String(query.limit),
      });
      c.header("link", `</api/rooms?${next}>; rel="next"`);
    }
    return c.json(items.map(toRoom), 200);
  });

  app.openapi(createRoom, (c) => {
    const { id, name, max_clients: maxClients } = c.req.valid("json");
    const room = hub.createRoom({ id, name, maxClients });
    c.header("location", `/api/rooms/${encodeURIComponent(room.id)}`);
    return c.json({ status: "room created" as const }, 201);
  });

  app.openapi(
    getRoom,
    (c) => c.json(toRoom(hub.roomInfo(c.req.valid("param").id)), 200),
  );

  app.openapi(deleteRoom, (c) => {
    hub.deleteRoom(c.req.valid("param").id);
    return c.json({ status: "room deleted" as const }, 200);
  });

  app.openapi(listMembers, (c) => {
    const { id } = c.req.valid("param");
    const { items, nextCursor } = hub.listMembers(id, c.req.valid("query"));
    return c.json({
      room_id: id,
      members: items.map(toMember),
      count: hub.roomInfo(id).memberCount,
      next_cursor: nextCursor,
    }, 200);
  });
}
