/**
 * A token bucket that needs no timer: what has flowed in since the last call is worked out when
 * the next one comes.
 */
export class RateLimit {
  #tokens: number;
  #lastMs: number;

  /** Starts full. */
  constructor(burst: number, nowMs: number) {
    this.#tokens = burst;
    this.#lastMs = nowMs;
  }

  /** Takes one token where there is one; the rate is given anew so that it may change. */
  take(
    nowMs: number,
    rate: { readonly perSecond: number; readonly burst: number },
  ): boolean {
    const refill = (nowMs - this.#lastMs) / 1_000 * rate.perSecond;
    this.#tokens = Math.min(rate.burst, this.#tokens + refill);
    this.#lastMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
