import { z } from "zod";
import type { Dispatcher } from "../dispatcher/mod.ts";
import type { Hub, HubOperations, RoomInfo } from "../hub/mod.ts";
import { paging, roomId } from "./fields.ts";

const createSchema = z.object({
  room_id: roomId,
  name: z.string().min(1).max(256).optional(),
  max_clients: z.int().min(0).optional(),
});

/** `create_room`, `delete_room`, `list_rooms`. */
export function registerRooms(
  dispatcher: Dispatcher,
  options: { readonly hub: Hub; readonly operator: HubOperations },
): void {
  const { hub, operator } = options;

  dispatcher.handle("create_room", createSchema, (_context, data) => {
    const { id, name, maxClients } = hub.rooms.create({
      id: data.room_id,
      name: data.name,
      maxClients: data.max_clients,
    });
    return {
      type: "room_created",
      data: { room_id: id, name, max_clients: maxClients },
    };
  }, { permission: "create:room" });

  dispatcher.handle(
    "delete_room",
    z.object({ room_id: roomId }),
    ({ connection }, { room_id: id }) => {
      hub.rooms.delete(id, connection);
      return { type: "room_deleted", data: { room_id: id } };
    },
    { permission: "delete:room" },
  );

  dispatcher.handle("list_rooms", z.object(paging), (_context, request) => {
    const { items, nextCursor } = operator.listRooms(request);
    return {
      type: "rooms",
      data: { rooms: items.map(roomEntry), next_cursor: nextCursor },
    };
  }, { permission: "read:presence" });
}

function roomEntry(room: RoomInfo): unknown {
  const { id, name, memberCount, maxClients } = room;
  return {
    room_id: id,
    name,
    member_count: memberCount,
    max_clients: maxClients,
  };
}
