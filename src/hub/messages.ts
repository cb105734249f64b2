import type { Outbound } from "../protocol/message.ts";

/** What somebody sends to a room, to a client or to everyone. */
export interface Content {
  readonly content: unknown;
  /** Who sent it; absent where a backend did and gave no name. */
  readonly senderId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** Source, here and below: `docs/protocol.md`, Messages. */
export function roomMessage(roomId: string, message: Content): Outbound {
  const { content, senderId, timestamp } = message;
  return {
    type: "room_message",
    data: { room_id: roomId, content, sender_id: senderId, timestamp },
  };
}

export function directMessage(message: Content): Outbound {
  const { content, senderId, timestamp } = message;
  return {
    type: "direct_message",
    data: { content, sender_id: senderId, timestamp },
  };
}

export function broadcastMessage(message: Content): Outbound {
  const { content, senderId, timestamp } = message;
  return {
    type: "broadcast",
    data: { content, sender_id: senderId, timestamp },
  };
}
