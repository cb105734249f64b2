const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const SIZE_UNITS_BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** What `parseDuration` reads. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** What `parseSize` reads. */
export const SIZE_PATTERN = /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB)$/;

function parseQuantity(
  match: RegExpExecArray | null,
  units: Readonly<Record<string, number>>,
): number | undefined {
  const [, number = "", name = ""] = match ?? [];
  const unit = units[name];
  if (unit === undefined) return undefined;
  const quantity = Math.round(Number(number) * unit);
  return Number.isSafeInteger(quantity) ? quantity : undefined;
}

function formatQuantity(
  value: number,
  units: Readonly<Record<string, number>>,
  base: string,
): string {
  if (value === 0) return `0${base}`;
  let best = `${value}${base}`;
  for (const [name, size] of Object.entries(units)) {
    if (value % size === 0) best = `${value / size}${name}`;
  }
  return best;
}

/** Reads `30s`, `1.5m`, `250ms`, `2h`, `1d` as milliseconds; undefined where it is none of them. */
export function parseDuration(value: string): number | undefined {
  return parseQuantity(DURATION_PATTERN.exec(value), DURATION_UNITS_MS);
}

/** The shortest form `parseDuration` reads back as the same number. */
export function formatDuration(ms: number): string {
  return formatQuantity(ms, DURATION_UNITS_MS, "ms");
}

/** Reads `512B`, `64KiB`, `1.5MiB`, `1GiB` as bytes; undefined where it is none of them. */
export function parseSize(value: string): number | undefined {
  return parseQuantity(SIZE_PATTERN.exec(value), SIZE_UNITS_BYTES);
}

/** The shortest form `parseSize` reads back as the same number. */
export function formatSize(bytes: number): string {
  return formatQuantity(bytes, SIZE_UNITS_BYTES, "B");
}
