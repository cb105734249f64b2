import { HubError } from "../errors.ts";
import {
  type Inbound,
  isMessageId,
  isMessageType,
  type MessageId,
} from "./message.ts";

/** An envelope that was read, or why not and which message the error answers. */
export type ParsedEnvelope =
  | { readonly type: "message"; readonly message: Inbound }
  | {
    readonly type: "invalid";
    readonly error: HubError;
    readonly requestId: MessageId | undefined;
  };

/**
 * Checks the envelope of a decoded message; unknown fields are ignored, `data` is not looked into.
 *
 * Source: `docs/protocol.md`, Envelope.
 */
export function parseEnvelope(value: unknown): ParsedEnvelope {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return invalid("INVALID_FORMAT", "a message must be a JSON object");
  }
  const { message_id: messageId, message_type: type, data } = value as Record<
    string,
    unknown
  >;
  if (messageId !== undefined && !isMessageId(messageId)) {
    return invalid(
      "INVALID_MESSAGE_ID",
      "message_id must be an integer from 0 to 2^53-1 or a string of 1 to 64 characters",
    );
  }
  if (!isMessageType(type)) {
    return invalid(
      "INVALID_FORMAT",
      "message_type must be a string of 1 to 64 of [A-Za-z0-9_.:-]",
      messageId,
    );
  }
  return { type: "message", message: { messageId, type, data } };
}

/** A message that cannot be read, as an answer to the sender. */
export function invalid(
  kind: "INVALID_FORMAT" | "INVALID_MESSAGE_ID",
  details: string,
  requestId?: MessageId,
): ParsedEnvelope {
  return { type: "invalid", error: new HubError(kind, details), requestId };
}
