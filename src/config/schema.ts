import { z } from "@hono/zod-openapi";
import { parseDuration, parseSize } from "./units.ts";

/** What the documentation and the reload need to know of a key, kept beside its schema. */
export interface KeyMeta {
  readonly kind?: "duration" | "size";
  /** Takes effect on a reload, on live connections too. */
  readonly live?: true;
  /** Never printed. */
  readonly secret?: true;
}

/** A duration such as `30s`; milliseconds once read. */
function duration(byDefault: string, description: string, meta: KeyMeta = {}) {
  return z.string().transform((value, context) => {
    const ms = parseDuration(value);
    if (ms === undefined) {
      context.addIssue({
        code: "custom",
        message: "use a duration such as 250ms, 30s, 5m or 1h",
      });
      return z.NEVER;
    }
    return ms;
  }).prefault(byDefault).describe(description).meta({
    kind: "duration",
    ...meta,
  });
}

/** A size such as `64KiB`; bytes once read. */
function size(byDefault: string, description: string, meta: KeyMeta = {}) {
  return z.string().transform((value, context) => {
    const bytes = parseSize(value);
    if (bytes === undefined) {
      context.addIssue({
        code: "custom",
        message: "use a size such as 512B, 64KiB or 1MiB",
      });
      return z.NEVER;
    }
    return bytes;
  }).prefault(byDefault).describe(description).meta({ kind: "size", ...meta });
}
