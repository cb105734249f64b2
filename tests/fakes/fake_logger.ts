import type { LogFields, Logger } from "../../src/hub/logger.ts";

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly fields: LogFields;
  readonly text: string;
}

/** A log that keeps its lines. */
export class FakeLogger implements Logger {
  readonly lines: LogLine[];
  readonly #fields: LogFields;

  constructor(fields: LogFields = {}, lines: LogLine[] = []) {
    this.#fields = fields;
    this.lines = lines;
  }

  debug(fields: LogFields, text: string): void {
    this.#add("debug", fields, text);
  }

  info(fields: LogFields, text: string): void {
    this.#add("info", fields, text);
  }

  warn(fields: LogFields, text: string): void {
    this.#add("warn", fields, text);
  }

  error(fields: LogFields, text: string): void {
    this.#add("error", fields, text);
  }

  child(fields: LogFields): Logger {
    return new FakeLogger({ ...this.#fields, ...fields }, this.lines);
  }

  /** The lines of a level. */
  of(level: LogLine["level"]): readonly LogLine[] {
    return this.lines.filter((line) => line.level === level);
  }

  #add(level: LogLine["level"], fields: LogFields, text: string): void {
    this.lines.push({ level, fields: { ...this.#fields, ...fields }, text });
  }
}
