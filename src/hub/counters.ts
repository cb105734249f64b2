import { CLOSES, ERRORS } from "../errors.ts";

/** A number somebody keeps at hand and adds to: no call, no look-up, no allocation. */
export interface Cell {
  count: number;
}

/** What `CellTable` is made of. */
export interface CellTableOptions {
  /** Keys that exist from the start, so that a zero is reported as zero. */
  readonly keys: readonly (string | number)[];
  /** The key that takes whatever finds no place. */
  readonly rest: string;
  /** The most keys, `rest` not counted; at least as many as `keys`. */
  readonly maxKeys: number;
}

/**
 * Cells by key, of bounded number: once the table is full, every new key shares the cell `rest`, so
 * that no peer can make the metrics grow.
 */
export class CellTable {
  /** The shared cell. */
  readonly rest: Cell = { count: 0 };
  readonly #cells = new Map<string, Cell>();
  readonly #restKey: string;
  readonly #maxKeys: number;

  constructor(options: CellTableOptions) {
    this.#restKey = options.rest;
    this.#maxKeys = options.maxKeys;
    for (const key of options.keys) this.of(key);
  }

  /** The cell of a key, always the same one: look it up once and keep it. */
  of(key: string | number): Cell {
    const name = String(key);
    if (name === this.#restKey) return this.rest;
    let cell = this.#cells.get(name);
    if (cell === undefined) {
      if (this.#cells.size >= this.#maxKeys) return this.rest;
      cell = { count: 0 };
      this.#cells.set(name, cell);
    }
    return cell;
  }

  /** Every key with its count, `rest` last. */
  *entries(): Generator<[key: string, count: number]> {
    for (const [key, cell] of this.#cells) yield [key, cell.count];
    yield [this.#restKey, this.rest.count];
  }
}

/** Counts of values by size: how many fell into each of a fixed set of buckets. */
export class Histogram {
  /** Upper bounds of the buckets in ms, each included in its bucket, growing; one more bucket takes the rest. */
  readonly boundsMs: readonly number[];
  /** How many values fell into each bucket; one longer than `boundsMs`. */
  readonly counts: Float64Array;
  /** All values added up, in ms. */
  sumMs = 0;
  /** How many values there were. */
  count = 0;

  constructor(boundsMs: readonly number[]) {
    this.boundsMs = boundsMs;
    this.counts = new Float64Array(boundsMs.length + 1);
  }

  /** Adds `count` values of the same size. A negative one (a clock that went back) counts as 0. */
  observe(valueMs: number, count = 1): void {
    const value = valueMs > 0 ? valueMs : 0;
    const { boundsMs } = this;
    // Few bounds, and most values are small: a scan from below beats a binary search.
    let bucket = 0;
    while (bucket < boundsMs.length && value > (boundsMs[bucket] ?? 0)) {
      bucket++;
    }
    this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
    this.sumMs += value * count;
    this.count += count;
  }
}

// Not frozen: JavaScriptCore takes three times as long to read a frozen array.
/** Buckets of the delivery latency: from well under one tick to a peer that hardly reads. */
export const LATENCY_BOUNDS_MS: readonly number[] = [
  0.5,
  1,
  2.5,
  5,
  10,
  25,
  50,
  100,
  250,
  500,
  1_000,
  2_500,
  5_000,
  10_000,
];

/** Message types counted by name; more of them are counted as `unknown`. */
const MAX_TYPES = 256;

/**
 * What the hub counts. Everything is a plain number that only grows, added to where it happens and
 * read when somebody asks for the metrics; nobody resets it, so any number of readers agree.
 */
export class HubCounters {
  connectionsOpened = 0;
  roomsCreated = 0;
  roomsRemoved = 0;
  /** Payload bytes of messages received, WebSocket framing not counted. */
  bytesIn = 0;
  /** Payload bytes of messages handed to a socket, WebSocket framing not counted. */
  bytesOut = 0;
  /** Messages that could not be decoded or had a missing or malformed field. */
  invalidMessages = 0;
  /** Handlers that threw something else than a `HubError`. */
  handlerFailures = 0;
  /** How often a full queue was met, by what was done. */
  readonly slowConsumers = { disconnect: 0, drop_oldest: 0, drop_newest: 0 };
  /** Messages lost to a room's slow-consumer policy. */
  readonly messagesDropped = { drop_oldest: 0, drop_newest: 0 };
  /** From receipt (or the call that published) until the write was handed to the socket; one value a delivery. */
  readonly deliveryLatency = new Histogram(LATENCY_BOUNDS_MS);

  /**
   * Messages received, by type. `messagesIn.of(type)` is for types that have a handler, asked once
   * when it is registered; whatever else a peer sends is counted in `messagesIn.rest`.
   */
  readonly messagesIn = typeTable();
  /** Deliveries by type: a message to 1,000 connections counts 1,000. */
  readonly messagesOut = typeTable();
  /** Connections closed, by close code; one that is neither the hub's nor the protocol's counts as `other`. */
  readonly connectionsClosed = codeTable([
    ...Object.values(CLOSES).map((spec) => spec.code),
    1005, // the peer sent no code (RFC 6455 §7.4.1)
    1006, // no close frame came at all
  ]);
  /** Errors answered to peers, by the number on the wire. */
  readonly errors = codeTable(Object.values(ERRORS).map((spec) => spec.code));
}

function typeTable(): CellTable {
  return new CellTable({ keys: [], rest: "unknown", maxKeys: MAX_TYPES });
}

function codeTable(codes: readonly number[]): CellTable {
  return new CellTable({ keys: codes, rest: "other", maxKeys: codes.length });
}
