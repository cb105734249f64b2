/** What a log line carries besides its text; an `err` is written with stack and causes. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The log as the hub sees it. Fields come first, then what happened, in a few constant words. */
export interface Logger {
  debug(fields: LogFields, text: string): void;
  info(fields: LogFields, text: string): void;
  warn(fields: LogFields, text: string): void;
  error(fields: LogFields, text: string): void;
  /** A log whose every line carries these fields too. */
  child(fields: LogFields): Logger;
}
