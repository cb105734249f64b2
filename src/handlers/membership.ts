import { z } from "zod";
import type { Dispatcher } from "../dispatcher/mod.ts";
import { HubError } from "../errors.ts";
import type { Hub, HubOperations, MemberInfo } from "../hub/mod.ts";
import { paging, roomId } from "./fields.ts";

/** `join_room`, `leave_room`, `room_members`. */
export function registerMembership(
  dispatcher: Dispatcher,
  options: { readonly hub: Hub; readonly operator: HubOperations },
): void {
  const { hub, operator } = options;
  const one = z.object({ room_id: roomId });

  dispatcher.handle("join_room", one, ({ connection }, { room_id: id }) => {
    const { memberCount } = hub.join(connection, id);
    return {
      type: "room_joined",
      data: { room_id: id, status: "joined", member_count: memberCount },
    };
  }, { permission: "join:room" });

  dispatcher.handle("leave_room", one, ({ connection }, { room_id: id }) => {
    if (!hub.rooms.get(id).leave(connection, "left")) {
      throw new HubError("NOT_IN_ROOM");
    }
    return { type: "room_left", data: { room_id: id, status: "left" } };
  }, { permission: "leave:room" });

  dispatcher.handle(
    "room_members",
    z.object({ room_id: roomId, ...paging }),
    (_context, { room_id: id, ...request }) => {
      const room = hub.rooms.get(id);
      const { items, nextCursor } = operator.listMembers(id, request);
      return {
        type: "room_members",
        data: {
          room_id: id,
          members: items.map(memberEntry),
          count: room.memberCount,
          next_cursor: nextCursor,
        },
      };
    },
    { permission: "read:presence" },
  );
}

function memberEntry(member: MemberInfo): unknown {
  const { clientId, userId, username, joinedAt } = member;
  return {
    client_id: clientId,
    user_id: userId,
    username,
    joined_at: joinedAt,
  };
}
