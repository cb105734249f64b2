import { z } from "zod";
import {
  DURATION_PATTERN,
  formatDuration,
  formatSize,
  parseDuration,
  parseSize,
  SIZE_PATTERN,
} from "./units.ts";

/** How a key's value is written, which is also how a text from the environment is read. */
export type KeyKind =
  | "text"
  | "integer"
  | "boolean"
  | "choice"
  | "duration"
  | "size"
  | "list";

/** What the documentation, the environment and the reload need to know of a key. */
export interface KeyInfo {
  readonly kind: KeyKind;
  /** What would do, as it goes on after "must be"; of a list, what each of its items must be. */
  readonly expects: string;
  /** What the documentation says of the values there are. */
  readonly form: string;
  /** The value where nobody gives one, as it is written in YAML. */
  readonly byDefault: string | number | boolean | readonly string[];
  readonly description: string;
  /** Takes effect on a reload, on live connections too. */
  readonly isLive: boolean;
  /** Never printed. */
  readonly isSecret: boolean;
}

/** What is known of a key beside what its schema checks; the schema without its default is the key here. */
export const KEY_INFO = z.registry<KeyInfo>();

/** Items a list may have. */
export const MAX_LIST_ITEMS = 1_000;

/** What every key says of itself. */
export interface KeyOptions {
  readonly about: string;
  /** @default {false} */
  readonly live?: boolean;
  /** @default {false} */
  readonly secret?: boolean;
}

/** The least and the greatest value. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** What a text must look like, in words and for the machine. */
export interface Form {
  readonly expects: string;
  readonly pattern: RegExp;
}

function register<S extends z.ZodType>(
  schema: S,
  info: Pick<KeyInfo, "kind" | "expects" | "form" | "byDefault"> & KeyOptions,
): S {
  const { kind, expects, form, byDefault, about, live, secret } = info;
  const described = schema.describe(about);
  KEY_INFO.add(described, {
    kind,
    expects,
    form,
    byDefault,
    description: about,
    isLive: live ?? false,
    isSecret: secret ?? false,
  });
  return described;
}

/** A text that matches `pattern`. */
export function text(
  byDefault: string,
  options: KeyOptions & Form,
) {
  return register(z.string().regex(options.pattern), {
    kind: "text",
    form: `text: ${options.expects}`,
    byDefault,
    ...options,
  }).prefault(byDefault);
}

/** A whole number within bounds, the bounds among it. */
export function integer(
  byDefault: number,
  options: KeyOptions & Bounds,
) {
  const { min, max } = options;
  return register(z.int().min(min).max(max), {
    kind: "integer",
    expects: `${min} to ${max}`,
    form: `integer: ${min} to ${max}`,
    byDefault,
    ...options,
  }).prefault(byDefault);
}

/** `true` or `false`. */
export function flag(byDefault: boolean, options: KeyOptions) {
  return register(z.boolean(), {
    kind: "boolean",
    expects: "true or false",
    form: "boolean",
    byDefault,
    ...options,
  }).prefault(byDefault);
}

/** One of a few words. */
export function choice<const T extends readonly [string, ...string[]]>(
  byDefault: T[number],
  options: KeyOptions & { readonly of: T },
) {
  const schema = register(z.enum(options.of), {
    kind: "choice",
    expects: `${options.of.slice(0, -1).join(", ")} or ${options.of.at(-1)}`,
    form: options.of.map((word) => `\`${word}\``).join(" "),
    byDefault,
    ...options,
  });
  return z.prefault(schema, byDefault);
}

/** A duration such as `30s`, within bounds in milliseconds; milliseconds once read. */
export function duration(byDefault: string, options: KeyOptions & Bounds) {
  const from = formatDuration(options.min);
  const to = formatDuration(options.max);
  return register(
    quantity(DURATION_PATTERN, { parse: parseDuration, ...options }),
    {
      kind: "duration",
      form: `duration: ${from} to ${to}`,
      expects: `a duration from ${from} to ${to}, such as 250ms, 30s or 5m`,
      byDefault,
      ...options,
    },
  ).prefault(byDefault);
}

/** A size such as `64KiB`, within bounds in bytes; bytes once read. */
export function size(byDefault: string, options: KeyOptions & Bounds) {
  const from = formatSize(options.min);
  const to = formatSize(options.max);
  return register(quantity(SIZE_PATTERN, { parse: parseSize, ...options }), {
    kind: "size",
    form: `size: ${from} to ${to}`,
    expects: `a size from ${from} to ${to}, such as 512B, 64KiB or 1MiB`,
    byDefault,
    ...options,
  }).prefault(byDefault);
}

/** A list of texts; `expects` and `pattern` speak of each of them. */
export function list(
  byDefault: readonly string[],
  options: KeyOptions & Form,
) {
  const item = z.string().regex(options.pattern);
  return register(z.array(item).max(MAX_LIST_ITEMS), {
    kind: "list",
    form: `list: each ${options.expects}`,
    byDefault,
    ...options,
  }).prefault([...byDefault]);
}

function quantity(
  pattern: RegExp,
  options: Bounds & { parse(value: string): number | undefined },
) {
  const { parse, min, max } = options;
  return z.string().regex(pattern).transform((value, context) => {
    const parsed = parse(value);
    if (parsed !== undefined && parsed >= min && parsed <= max) return parsed;
    context.addIssue({ code: "custom" });
    return z.NEVER;
  });
}
