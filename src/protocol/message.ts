/** What a client calls a message of its own, and what the reply to it carries as `request_id`. */
export type MessageId = number | string;

/** A message from a client whose envelope is sound; `data` is still whatever the client sent. */
export interface Inbound {
  /** Undefined where the client wants no reply that it could not tell apart. */
  readonly messageId: MessageId | undefined;
  readonly type: string;
  readonly data: unknown;
}

/** A message to a client, before it is encoded. */
export interface Outbound {
  readonly type: string;
  readonly data: unknown;
  /** The `message_id` of what this answers; undefined for a push. */
  readonly requestId?: MessageId | undefined;
}

const ROOM_ID = /^[A-Za-z0-9_.:-]{1,128}$/;
const CLIENT_ID = /^[A-Za-z0-9_.:@-]{1,128}$/;
const MESSAGE_TYPE = /^[A-Za-z0-9_.:-]{1,64}$/;

const MAX_MESSAGE_ID_CHARS = 64;

/** Whether it may name a room: 1 to 128 of `[A-Za-z0-9_.:-]`. */
export function isRoomId(value: string): boolean {
  return ROOM_ID.test(value);
}

/** Whether an anonymous client may call itself so: 1 to 128 of `[A-Za-z0-9_.:@-]`. */
export function isClientId(value: string): boolean {
  return CLIENT_ID.test(value);
}

/** Whether it may name a type of message: 1 to 64 of `[A-Za-z0-9_.:-]`. */
export function isMessageType(value: unknown): value is string {
  return typeof value === "string" && MESSAGE_TYPE.test(value);
}

/** Whether it is an integer from 0 to 2^53−1, or a string of 1 to 64 characters. */
export function isMessageId(value: unknown): value is MessageId {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && value >= 0;
  }
  return typeof value === "string" && value.length > 0 &&
    value.length <= MAX_MESSAGE_ID_CHARS;
}

/** The namespace whose options a room has: what stands before the first `:`, else `default`. */
export function namespaceOf(roomId: string): string {
  const end = roomId.indexOf(":");
  return end > 0 ? roomId.slice(0, end) : "default";
}
