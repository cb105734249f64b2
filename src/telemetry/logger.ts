import { pino } from "pino";
import type { Clock } from "../hub/clock.ts";
import type { LogFields, Logger } from "../hub/logger.ts";
import { type LogValue, toLogValue } from "./log_value.ts";
import { redactText } from "./redact.ts";

/** How serious an entry is. */
export type LogLevel = "debug" | "info" | "warn" | "error";

export interface NodeLoggerOptions {
  /** The least serious entries that are written. */
  readonly level: LogLevel;
  /** `json`: one object a line; `pretty`: for people. */
  readonly format: "json" | "pretty";
  /** Whether `pretty` uses colours. @default {false} */
  readonly color?: boolean;
  /** Takes one entry with its line feed; a `pretty` one may have several lines. */
  readonly write: (entry: string) => void;
  /** Gives the time of every entry. */
  readonly clock: Pick<Clock, "wallMs">;
}

/** The log of a node. No method throws, whatever the fields hold. */
export interface NodeLogger extends Logger {
  /** The least serious entries that are written. May be set at any time, and holds for every child at once. */
  level: LogLevel;
  /** Entries that could not be written. */
  readonly lost: number;
}

/**
 * Makes the log of a node. An entry is `level`, `time` (ISO 8601, UTC), the fields, `msg`. Secrets
 * are replaced before anything is written, in fields, texts, errors and their causes alike.
 */
export async function createLogger(
  options: NodeLoggerOptions,
): Promise<NodeLogger> {
  if (options.format === "json") return new RootLogger(new Sink(options));
  // Loaded only here: a node in production never needs it.
  const { prettyFactory } = await import("pino-pretty");
  const format = prettyFactory({ colorize: options.color ?? false });
  return new RootLogger(
    new Sink({
      ...options,
      write: (entry) => options.write(tryFormat(entry, format)),
    }),
  );
}

/** The entry as `format` writes it or, where that breaks on odd fields, as it is. */
function tryFormat(entry: string, format: (entry: string) => string): string {
  try {
    return format(entry);
  } catch {
    // The entry says all there is to say, in JSON.
    return entry;
  }
}

type Entry = Record<string, LogValue>;

/** Where the entries of a logger and all its children go. */
class Sink {
  readonly #pino: pino.Logger;
  #level: LogLevel;
  #lost = 0;

  constructor(options: Omit<NodeLoggerOptions, "format" | "color">) {
    const { level, clock, write } = options;
    this.#level = level;
    this.#pino = pino({
      level,
      // Neither process id nor host name: whatever collects the log adds its own.
      base: null,
      timestamp: () => `,"time":"${new Date(clock.wallMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // An error comes here as a copy made by `toLogValue`, to be left as it is.
      serializers: { err: (copy: unknown) => copy },
    }, { write });
  }

  get level(): LogLevel {
    return this.#level;
  }

  set level(level: LogLevel) {
    this.#level = level;
    this.#pino.level = level;
  }

  get lost(): number {
    return this.#lost;
  }

  takes(level: LogLevel): boolean {
    return this.#pino.isLevelEnabled(level);
  }

  write(level: LogLevel, entry: Entry, text: string): void {
    try {
      this.#pino[level](entry, redactText(text));
    } catch {
      // Only the log cannot log what it lost: it counts, and the metrics tell.
      this.#lost++;
    }
  }
}

class BoundLogger implements Logger {
  readonly #sink: Sink;
  readonly #bound: Entry;

  constructor(sink: Sink, bound: Entry = {}) {
    this.#sink = sink;
    this.#bound = bound;
  }

  debug(fields: LogFields, text: string): void {
    this.#log("debug", fields, text);
  }

  info(fields: LogFields, text: string): void {
    this.#log("info", fields, text);
  }

  warn(fields: LogFields, text: string): void {
    this.#log("warn", fields, text);
  }

  error(fields: LogFields, text: string): void {
    this.#log("error", fields, text);
  }

  child(fields: LogFields): Logger {
    return new BoundLogger(this.#sink, this.#merge(fields));
  }

  #log(level: LogLevel, fields: LogFields, text: string): void {
    if (!this.#sink.takes(level)) return;
    this.#sink.write(level, this.#merge(fields), text);
  }

  #merge(fields: LogFields): Entry {
    const entry: Entry = Object.assign(Object.create(null), this.#bound);
    for (const [key, value] of Object.entries(toLogValue(fields) ?? {})) {
      entry[RESERVED.has(key) ? `${key}_` : key] = value;
    }
    return entry;
  }
}

/** What a field must not replace. */
const RESERVED: ReadonlySet<string> = new Set(["level", "time", "msg"]);

class RootLogger extends BoundLogger implements NodeLogger {
  readonly #sink: Sink;

  constructor(sink: Sink) {
    super(sink);
    this.#sink = sink;
  }

  get level(): LogLevel {
    return this.#sink.level;
  }

  set level(level: LogLevel) {
    this.#sink.level = level;
  }

  get lost(): number {
    return this.#sink.lost;
  }
}
