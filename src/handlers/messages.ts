import { z } from "zod";
import type { Dispatcher, MessageContext } from "../dispatcher/mod.ts";
import { HubError } from "../errors.ts";
import type { Hub } from "../hub/mod.ts";
import {
  broadcastMessage,
  type Content,
  directMessage,
  roomMessage,
} from "../hub/messages.ts";
import { content, roomId } from "./fields.ts";

/** `room_message`, `direct_message`, `broadcast`. */
export function registerMessages(dispatcher: Dispatcher, hub: Hub): void {
  function from(context: MessageContext, sent: unknown): Content {
    return {
      content: sent,
      senderId: context.clientId,
      timestamp: hub.clock.wallMs(),
    };
  }

  dispatcher.handle(
    "room_message",
    z.object({ room_id: roomId, content }),
    (context, data) => {
      const { connection } = context;
      const room = hub.rooms.get(data.room_id);
      if (!room.has(connection)) throw new HubError("NOT_IN_ROOM");
      room.send(
        roomMessage(room.id, from(context, data.content)),
        { except: room.settings.echo ? undefined : connection },
      );
      return accepted(context, { room_id: room.id });
    },
    { permission: "send:message" },
  );

  dispatcher.handle(
    "direct_message",
    z.object({ target_id: z.string().min(1).max(1_024), content }),
    (context, { target_id: targetId, content: sent }) => {
      const target = hub.clients.get(targetId);
      if (target === undefined) throw new HubError("CLIENT_NOT_FOUND");
      const delivered = hub.send(
        directMessage(from(context, sent)),
        target.connections,
      );
      return accepted(context, { target_id: targetId, delivered });
    },
    { permission: "direct:message" },
  );

  dispatcher.handle(
    "broadcast",
    z.object({ content }),
    (context, data) => {
      hub.send(
        broadcastMessage(from(context, data.content)),
        hub.connections.values(),
      );
      return accepted(context, {});
    },
    { permission: "broadcast:message" },
  );
}

/** Sent only to who can tell what it answers. */
function accepted(context: MessageContext, data: unknown) {
  if (context.messageId === undefined) return undefined;
  return { type: "message_accepted", data };
}
