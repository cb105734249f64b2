/**
 * A configuration that cannot be used. Each of `problems` is one line: key, what would do, and the
 * value, unless it is secret.
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join("\n"), options);
    this.problems = problems;
  }
}

/** One thing that is wrong with one key. */
export interface Problem {
  /** The key as `formatPath` writes it. */
  readonly key: string;
  /** What would do, say `must be 0 to 65535`. */
  readonly reason: string;
  /** The value as it was given; absent where there is none to show. */
  readonly value?: { readonly given: unknown; readonly isSecret: boolean };
  /** Where the value comes from, say `line 3` or a variable's name; empty where nobody can say. */
  readonly origin: string;
}

const MAX_VALUE_LENGTH = 80;

/** The one line a `Problem` is told in. */
export function formatProblem(problem: Problem): string {
  const { key, reason, value, origin } = problem;
  const current = value === undefined
    ? ""
    : `: current value is ${
      value.isSecret ? "hidden" : showValue(value.given)
    }`;
  const place = origin === "" ? "" : ` (${origin})`;
  return `Cannot use ${key}: ${reason}${current}${place}`;
}

/** A key's path as people write it; a name that could be misread or break the line is quoted. */
export function formatPath(path: readonly (string | number)[]): string {
  let shown = "";
  for (const part of path) {
    if (typeof part === "number") shown += `[${part}]`;
    else {
      const name = /^[\w.-]{1,64}$/.test(part) ? part : showValue(part);
      shown += shown === "" ? name : `.${name}`;
    }
  }
  return shown;
}

/** A value in at most about 80 characters of one line; what is inside lists and mappings stays unseen. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  if (typeof value !== "string") return String(value);
  const cut = value.length > MAX_VALUE_LENGTH
    ? `${value.slice(0, MAX_VALUE_LENGTH)}…`
    : value;
  return JSON.stringify(cut).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
