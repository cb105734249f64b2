import type { Form } from "./keys.ts";

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;

/** Large enough for any machine, small enough to show a slip of the finger. */
export const MAX_COUNT = 1_000_000_000;

/** A path the server answers under. */
export const ABSOLUTE_PATH: Form = {
  expects: "a path such as `/name`, of letters, digits and `._~-`",
  pattern: /^(?=.{1,200}$)\/(?:(?!\.+(?:\/|$))[\w.~-]+(?:\/(?!$)|$))*$/,
};
