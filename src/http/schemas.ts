import { z } from "@hono/zod-openapi";
import { isRoomId } from "../protocol/message.ts";

/** Marks the issue that is answered as INVALID_ROOM_ID; compared by identity. */
export const ROOM_ID_ISSUE = { kind: "INVALID_ROOM_ID" };

/** What every error looks like. */
export const errorSchema = z.object({
  code: z.int().openapi({ description: "Number of the error; never reused" }),
  message: z.string().openapi({ description: "What the number means" }),
  details: z.unknown().optional().openapi({
    description: "What was wrong with this very request",
  }),
}).openapi("Error", {
  example: {
    code: 1001,
    message: "invalid format",
    details: [{ in: "body", field: "content", problem: "Required" }],
  },
});

export const roomIdSchema = z.string().refine(isRoomId, {
  error: "Must be 1 to 128 of [A-Za-z0-9_.:-]",
  params: ROOM_ID_ISSUE,
}).openapi({
  pattern: "^[A-Za-z0-9_.:-]{1,128}$",
  example: "chat:lobby",
});

/** A client's or an account's id in a path; what names nobody is not found. */
export const clientIdSchema = z.string().min(1).max(256).openapi({
  example: "alice",
});

/** Content that is passed on as it is: any JSON, null included, but it has to be there. */
export const contentSchema = z.unknown().refine(
  (value) => value !== undefined,
  "Required",
).openapi({ description: "Any JSON; receivers get it as it is" });

/** Who a message of a backend is from, in the eyes of those who get it. */
export const senderIdSchema = z.string().min(1).max(128).default("server")
  .openapi({
    description: "Who the message is from; it need not be a client",
  });

/** A page of a listing. */
export const pageQuerySchema = z.strictObject({
  cursor: z.string().min(1).max(512).optional().openapi({
    description: "Where the page before said to go on",
  }),
  limit: z.coerce.number().int().min(1).max(1_000).default(100).openapi({
    description: "At most this many entries",
  }),
});

export const nextCursorSchema = z.string().optional().openapi({
  description: "Pass it as `cursor` to get the next page; absent on the last",
});

/** How many connections a message was queued for. */
export const deliveredSchema = z.object({
  status: z.literal("message sent"),
  delivered: z.int().min(0).openapi({
    description: "Connections the message was queued for",
  }),
}).openapi("Delivered");

/** Milliseconds since the epoch. */
export const timestampSchema = z.int().openapi({
  description: "Milliseconds since the epoch",
  example: 1_700_000_000_000,
});
