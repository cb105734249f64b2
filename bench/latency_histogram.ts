/** A bucket with something in it and how much, as a histogram travels between processes. */
export type BucketCount = readonly [bucket: number, count: number];

/** Every power of two is cut in so many buckets: a value is known to 1.6 percent. */
const SUB_BUCKET_BITS = 6;
const SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
/** The last bucket takes all from 2^31 µs, half an hour. */
const BUCKETS = (32 - SUB_BUCKET_BITS) * SUB_BUCKETS;
const MAX_VALUE = 2 ** 31 - 1;

/**
 * Counts of durations in whole microseconds, exact to 1.6 percent whatever their size, in fixed
 * memory: recording one allocates nothing.
 */
export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;

  /** How many values were recorded. */
  get count(): number {
    return this.#count;
  }

  /** Adds a value; a negative one counts as 0. */
  record(microseconds: number): void {
    const bucket = bucketOf(microseconds);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
  }

  /** Adds what another histogram's `buckets` gave. */
  add(buckets: readonly BucketCount[]): void {
    for (const [bucket, count] of buckets) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
      this.#count += count;
    }
  }

  /** What is not empty, in order. */
  buckets(): BucketCount[] {
    const buckets: BucketCount[] = [];
    this.#counts.forEach((count, bucket) => {
      if (count > 0) buckets.push([bucket, count]);
    });
    return buckets;
  }

  /** The duration in ms that a share of all values (0.99 for p99) does not exceed; NaN for none. */
  percentileMs(share: number): number {
    const goal = Math.max(1, Math.ceil(this.#count * share));
    let seen = 0;
    for (const [bucket, count] of this.buckets()) {
      seen += count;
      if (seen >= goal) return upperBound(bucket) / 1_000;
    }
    return NaN;
  }
}

function bucketOf(microseconds: number): number {
  const value = Math.min(Math.max(0, Math.round(microseconds)), MAX_VALUE);
  if (value < SUB_BUCKETS) return value;
  const shift = 31 - Math.clz32(value) - SUB_BUCKET_BITS;
  return (shift << SUB_BUCKET_BITS) + (value >>> shift);
}

/** The largest value of a bucket. */
function upperBound(bucket: number): number {
  if (bucket < 2 * SUB_BUCKETS) return bucket;
  const shift = (bucket >> SUB_BUCKET_BITS) - 1;
  const base = bucket - (shift << SUB_BUCKET_BITS);
  return (base + 1) * 2 ** shift - 1;
}
