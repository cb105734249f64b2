/**
 * Tells lost, repeated and disordered messages of many sequences, each one sender's messages as one
 * receiver sees them, numbered 0, 1, 2, …
 *
 * What comes in order costs one comparison and no memory.
 */
export class SequenceLedger {
  /** The number each sequence goes on with. */
  readonly #next: Int32Array;
  /** Numbers passed over, by sequence. */
  readonly #missing = new Map<number, Set<number>>();
  /** Messages that came again. */
  duplicated = 0;
  /** Messages that came behind a later one. */
  disordered = 0;

  constructor(sequences: number) {
    this.#next = new Int32Array(sequences);
  }

  /** Takes note of a message; false where it had come before. */
  see(sequence: number, number: number): boolean {
    if (this.#next[sequence] === number) {
      this.#next[sequence] = number + 1;
      return true;
    }
    return this.#seeOutOfTurn(sequence, number);
  }

  /** How many of the first `sent` messages of a sequence never came. */
  lost(sequence: number, sent: number): number {
    const next = this.#next[sequence] ?? 0;
    return Math.max(0, sent - next) + (this.#missing.get(sequence)?.size ?? 0);
  }

  #seeOutOfTurn(sequence: number, number: number): boolean {
    const next = this.#next[sequence] ?? 0;
    if (number >= next) {
      const missing = this.#missing.get(sequence) ?? new Set();
      for (let passed = next; passed < number; passed++) missing.add(passed);
      this.#missing.set(sequence, missing);
      this.#next[sequence] = number + 1;
      return true;
    }
    if (this.#missing.get(sequence)?.delete(number) === true) {
      this.disordered++;
      return true;
    }
    this.duplicated++;
    return false;
  }
}
