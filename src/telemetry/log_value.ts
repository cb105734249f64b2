import { isSecretKey, REDACTED, redactText } from "./redact.ts";

/** A value JSON can hold, with neither cycles nor secrets. */
export type LogValue =
  | null
  | boolean
  | number
  | string
  | readonly LogValue[]
  | { readonly [key: string]: LogValue };

const MAX_DEPTH = 6;
/** Keys of one object, items of one list. */
const MAX_ITEMS = 100;
/** Values in one log line altogether. */
const MAX_VALUES = 500;
/** Characters of all texts in one log line before the last. */
const MAX_TEXT_LENGTH = 65_536;

/**
 * A copy of a value that is safe to write: secrets replaced, errors with stack and causes, cycles
 * and whatever throws replaced by a word, all of it bounded. Never throws.
 */
export function toLogValue(value: unknown): LogValue {
  return new Copier().copy(value);
}

/** Makes one copy, and holds the way to the value at hand. */
class Copier {
  readonly #parents: object[] = [];
  #values = 0;
  #textLength = 0;

  copy(value: unknown): LogValue {
    if (++this.#values > MAX_VALUES) return "[Cut]";
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "boolean":
        return value;
      case "bigint":
      case "symbol":
        return this.#text(String(value));
      case "undefined":
        return null;
      case "function":
        return "[Function]";
      case "object":
        return value === null ? null : this.#object(value);
    }
  }

  #text(text: string): string {
    if (this.#textLength > MAX_TEXT_LENGTH) return "[Cut]";
    const safe = redactText(text);
    this.#textLength += safe.length;
    return safe;
  }

  #object(value: object): LogValue {
    if (this.#parents.includes(value)) return "[Circular]";
    if (this.#parents.length > MAX_DEPTH) return "[Cut]";
    this.#parents.push(value);
    try {
      if (value instanceof Error) return this.#error(value);
      if (Array.isArray(value) || value instanceof Set) {
        return this.#list(value);
      }
      if (value instanceof Map) return this.#record(Object.fromEntries(value));
      if (value instanceof Date) return new Date(value).toJSON();
      if (value instanceof URL) return this.#text(value.href);
      if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
        return `[${value.byteLength} bytes]`;
      }
      return this.#record(value);
    } catch {
      // Somebody's proxy threw. Only this value is lost, and the line says so.
      return "[Unreadable]";
    } finally {
      this.#parents.pop();
    }
  }

  #list(list: Iterable<unknown>): LogValue {
    const copy: LogValue[] = [];
    for (const item of list) {
      if (copy.length === MAX_ITEMS) return [...copy, "[Cut]"];
      copy.push(this.copy(item));
    }
    return copy;
  }

  #error(error: Error): LogValue {
    const keys = new Set(["name", "message", "stack", ...Object.keys(error)]);
    // Neither is enumerable, and both are the point.
    for (const key of ["cause", "errors"]) if (key in error) keys.add(key);
    return this.#record(error, [...keys]);
  }

  #record(source: object, keys = Object.keys(source)): LogValue {
    // No prototype, for a field may be called `__proto__`.
    const copy: Record<string, LogValue> = Object.create(null);
    for (const key of keys.slice(0, MAX_ITEMS)) {
      const value = read(source, key);
      if (value === undefined) continue;
      copy[this.#text(key)] = isSecretKey(key) ? REDACTED : this.copy(value);
    }
    if (keys.length > MAX_ITEMS) copy["[Cut]"] = keys.length - MAX_ITEMS;
    return copy;
  }
}

function read(source: object, key: string): unknown {
  try {
    return Reflect.get(source, key);
  } catch {
    // Somebody's getter threw. Only this field is lost, and the line says so.
    return "[Unreadable]";
  }
}
