import type { KeyKind } from "./keys.ts";
import type { Config } from "./schema.ts";
import { formatDuration, formatSize } from "./units.ts";

/** A read value as it is written in YAML: `30000` of a duration as `30s`. */
export function writtenValue(value: unknown, kind: KeyKind): unknown {
  if (typeof value !== "number") return value;
  if (kind === "duration") return formatDuration(value);
  return kind === "size" ? formatSize(value) : value;
}

/** What a configuration holds at a path; undefined where it holds nothing. */
export function valueAt(config: Config, path: readonly string[]): unknown {
  let value: unknown = config;
  for (const name of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  }
  return value;
}

/** Freezes a tree of plain objects and lists, and returns it. */
export function deepFreeze<T extends object>(tree: T): T {
  for (const value of Object.values(tree)) {
    if (typeof value === "object" && value !== null) deepFreeze(value);
  }
  return Object.freeze(tree);
}
