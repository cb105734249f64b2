/** Faults told; more of them say nothing new. */
const MAX_FAULTS = 10;

/** Holds numbered messages of several senders against what each must be: 0, 1, 2 … */
export class SequenceCheck {
  /** Messages so far. */
  count = 0;
  /** What was lost, repeated or out of order. */
  readonly faults: string[] = [];
  readonly #next = new Map<string, number>();

  get senders(): string[] {
    return [...this.#next.keys()];
  }

  take(sender: string, n: number): void {
    this.count++;
    const expected = this.#next.get(sender) ?? 0;
    if (n !== expected && this.faults.length < MAX_FAULTS) {
      this.faults.push(`${n} of ${sender} came in place of ${expected}`);
    }
    this.#next.set(sender, n + 1);
  }
}
