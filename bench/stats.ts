/** The spread of a handful of rounds. */
export interface Summary {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/**
 * Smallest, middle and largest value; of an even number the mean of the two in the middle.
 *
 * @throws RangeError for no value at all
 */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  const min = sorted[0];
  const max = sorted.at(-1);
  if (
    low === undefined || high === undefined || min === undefined ||
    max === undefined
  ) {
    throw new RangeError("Cannot summarize: there is no value");
  }
  return { min, median: (low + high) / 2, max };
}

/**
 * Round by round, how many times the other a value is: what two servers had to put up with in the
 * same minute divides out. Rounds that only one of them has are left out.
 */
export function ratios(
  values: readonly number[],
  others: readonly number[],
): number[] {
  const count = Math.min(values.length, others.length);
  return values.slice(0, count).map((value, round) =>
    value / (others[round] ?? NaN)
  );
}
