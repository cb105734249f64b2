/**
 * The start of every message's content, in characters that JSON leaves as they are: a mark by which
 * it is found, who sent it, its place in that sender's sequence, and when it was sent.
 *
 *     ~~ SSS QQQQQ TTTTTTT
 *
 * Digits are of base 32, `0` to `O`.
 */
export interface Stamp {
  /** 0 to 32,767. */
  readonly sender: number;
  /** 0 to 33,554,431. */
  readonly sequence: number;
  /** Microseconds on the clock of the sending process, up to 9.5 hours. */
  readonly sentUs: number;
}

/** "~", twice: in nothing else that a server says. */
export const MARK = 126;
export const STAMP_BYTES = 17;

const ZERO = 48;
const SENDER_AT = 2;
const SEQUENCE_AT = 5;
const TIME_AT = 10;
/** The time's last four digits are below this, its first three count this many each. */
const TIME_SPLIT = 2 ** 20;

/** Writes a stamp over the bytes from `at` on. */
export function writeStamp(
  bytes: Uint8Array,
  { at, sender, sequence, sentUs }: Stamp & { readonly at: number },
): void {
  bytes[at] = MARK;
  bytes[at + 1] = MARK;
  writeDigits(bytes, { at: at + SENDER_AT, digits: 3, value: sender });
  writeDigits(bytes, { at: at + SEQUENCE_AT, digits: 5, value: sequence });
  const high = Math.floor(sentUs / TIME_SPLIT);
  writeDigits(bytes, { at: at + TIME_AT, digits: 3, value: high });
  const low = Math.floor(sentUs) - high * TIME_SPLIT;
  writeDigits(bytes, { at: at + TIME_AT + 3, digits: 4, value: low });
}

/** Whether a stamp starts at `at`. */
export function isStampAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === MARK && bytes[at + 1] === MARK;
}

/** The sequence number of the stamp at `at`, and below the rest of it; nothing is allocated. */
export function sequenceAt(bytes: Uint8Array, at: number): number {
  return readDigits(bytes, at + SEQUENCE_AT, 5);
}

export function senderAt(bytes: Uint8Array, at: number): number {
  return readDigits(bytes, at + SENDER_AT, 3);
}

export function sentUsAt(bytes: Uint8Array, at: number): number {
  return readDigits(bytes, at + TIME_AT, 3) * TIME_SPLIT +
    readDigits(bytes, at + TIME_AT + 3, 4);
}

function writeDigits(
  bytes: Uint8Array,
  field: {
    readonly at: number;
    readonly digits: number;
    readonly value: number;
  },
): void {
  let rest = field.value;
  for (let i = field.at + field.digits - 1; i >= field.at; i--) {
    bytes[i] = ZERO + (rest & 31);
    rest >>= 5;
  }
}

// Three arguments, where an options object would be made once a delivery.
function readDigits(bytes: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    value = value * 32 + ((bytes[i] ?? ZERO) - ZERO);
  }
  return value;
}
