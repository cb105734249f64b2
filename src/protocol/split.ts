import type { Dialect } from "./codec.ts";

const NEWLINE = 10;

/**
 * The messages in a received frame, in order: one, or several where the dialect separates them.
 * Empty pieces are left out, so a trailing separator is harmless; a frame of nothing else is one
 * message, whose sender is told that it is none.
 */
export function splitFrame(
  data: string | Uint8Array,
  dialect: Dialect,
): readonly (string | Uint8Array)[] {
  const { separator } = dialect;
  if (separator === undefined) return [data];
  if (typeof data === "string") {
    if (!data.includes(separator)) return [data];
    const pieces = data.split(separator).filter((piece) => piece.length > 0);
    return pieces.length > 0 ? pieces : [data];
  }
  const pieces: Uint8Array[] = [];
  let start = 0;
  while (start <= data.length) {
    const found = data.indexOf(NEWLINE, start);
    const end = found < 0 ? data.length : found;
    if (end > start) pieces.push(data.subarray(start, end));
    start = end + 1;
  }
  return pieces.length > 0 ? pieces : [data];
}
