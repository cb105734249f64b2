import type { z } from "@hono/zod-openapi";
import { HubError } from "../errors.ts";
import { ROOM_ID_ISSUE } from "./schemas.ts";

/** A problem's text may quote the peer's own keys. */
const MAX_PROBLEM_CHARS = 200;

type ValidationResult =
  & { readonly target: string }
  & (
    | { readonly success: true }
    | { readonly success: false; readonly error: z.ZodError }
  );

/**
 * Refuses what does not fit a route's schema: `details` lists the fields, where they stand and what
 * is wrong with each. All schemas are flat, so they are never many.
 */
export function refuseInvalid(result: ValidationResult): void {
  if (result.success) return;
  const { issues } = result.error;
  const isRoomId = issues.every((issue) =>
    issue.code === "custom" && issue.params === ROOM_ID_ISSUE
  );
  throw new HubError(
    isRoomId ? "INVALID_ROOM_ID" : "INVALID_FORMAT",
    issues.map(({ path, message }) => ({
      in: placeOf(result.target),
      field: path.join(".").slice(0, MAX_PROBLEM_CHARS),
      problem: message.slice(0, MAX_PROBLEM_CHARS),
    })),
  );
}

/** The validator's word for a part of a request, as a caller knows it. */
function placeOf(target: string): string {
  switch (target) {
    case "json":
      return "body";
    case "param":
      return "path";
    default:
      return target;
  }
}
