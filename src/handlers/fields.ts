import { z } from "zod";

/** A room's id; its alphabet is the hub's to judge, whose error (3005) says more than a schema's. */
export const roomId = z.string().min(1).max(1_024);

/** What is sent: any JSON, but not nothing. */
export const content = z.unknown().refine(
  (value) => value !== undefined,
  "Required",
);

/** How far a listing goes at a time, and from where. */
export const paging = {
  cursor: z.string().max(1_024).optional(),
  limit: z.int().min(1).max(1_000).default(100),
};
