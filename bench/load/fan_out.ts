import { setTimeout as sleep } from "node:timers/promises";
import { LatencyHistogram } from "../latency_histogram.ts";
import type { Measure } from "./job.ts";
import {
  gather,
  inFlightOf,
  type Load,
  nowUs,
  settle,
  type Turn,
} from "./load.ts";
import type { LoadConnection } from "./load_connection.ts";
import type { MessageReader } from "./message_reader.ts";
import { SequenceLedger } from "./sequence_ledger.ts";
import { sentUsAt, sequenceAt } from "./stamp.ts";
import { blankContent, StampedFrames } from "./stamped_frames.ts";
import type { Sink } from "./swarm.ts";

/** Latency is taken of one publication in so many, by all who get it. */
const LATENCY_SAMPLING = 16;

/** One room; its first member publishes, the others receive. */
export async function prepareFanOut(load: Load): Promise<Turn> {
  const [publisher, ...receivers] = await gather(load);
  if (publisher === undefined) throw new Error("Cannot publish: no member");
  return (turn) =>
    measureFanOut(load, {
      publisher,
      receivers: receivers.length,
      inFlight: inFlightOf(load.job, turn),
    });
}

async function measureFanOut(load: Load, parts: Parts): Promise<Measure> {
  const { warmUpMs, measureMs } = load.job;
  const loop = new FanOutLoop(load, parts);
  load.swarm.sink = loop;
  loop.start();
  await sleep(warmUpMs);
  const before = loop.deliveries;
  loop.latency = new LatencyHistogram();
  const stop = load.meter.start();
  await sleep(measureMs);
  const finish = stop();
  const events = loop.deliveries - before;
  const { latency } = loop;
  loop.stop();
  await settle(() => loop.underWay === 0);
  load.swarm.sink = undefined;
  const { duplicated, disordered } = loop.ledger;
  return finish({
    label: `${parts.inFlight} in flight`,
    events,
    lost: loop.lost,
    duplicated,
    disordered,
    latency,
  });
}

interface Parts {
  readonly publisher: LoadConnection;
  readonly receivers: number;
  readonly inFlight: number;
}

/** Keeps a number of publications under way: one that all have got makes place for the next. */
class FanOutLoop implements Sink {
  readonly ledger: SequenceLedger;
  readonly #parts: Parts;
  readonly #frames: StampedFrames;
  readonly #firstMember: number;
  /** How many still wait for a publication, by its number modulo the length. */
  readonly #waiting: Int32Array;
  #published = 0;
  #completed = 0;
  #isStopped = false;
  deliveries = 0;
  latency = new LatencyHistogram();

  constructor({ job, dialect }: Load, parts: Parts) {
    const { publisher, inFlight } = parts;
    this.#parts = parts;
    this.#firstMember = job.firstMember;
    this.#waiting = new Int32Array(inFlight);
    this.ledger = new SequenceLedger(job.members);
    const content = blankContent(job.payloadBytes);
    this.#frames = new StampedFrames(
      dialect.roomMessage(publisher.member, content),
      inFlight,
    );
  }

  /** Publications that somebody still waits for. */
  get underWay(): number {
    return this.#published - this.#completed;
  }

  /** Deliveries that never came; counted when nothing comes any more. */
  get lost(): number {
    const { publisher } = this.#parts;
    let lost = 0;
    for (let place = 0; place <= this.#parts.receivers; place++) {
      if (place === publisher.member.index - this.#firstMember) continue;
      lost += this.ledger.lost(place, this.#published);
    }
    return lost;
  }

  start(): void {
    this.#publish();
  }

  stop(): void {
    this.#isStopped = true;
  }

  received(connection: LoadConnection, reader: MessageReader): void {
    const { bytes, at } = reader;
    const sequence = sequenceAt(bytes, at);
    const place = connection.member.index - this.#firstMember;
    if (!this.ledger.see(place, sequence)) return;
    this.deliveries++;
    if (sequence % LATENCY_SAMPLING === 0) {
      this.latency.record(nowUs() - sentUsAt(bytes, at));
    }
    const slot = sequence % this.#waiting.length;
    const waiting = (this.#waiting[slot] ?? 0) - 1;
    this.#waiting[slot] = waiting;
    if (waiting === 0) this.#completed++;
  }

  readEnded(): void {
    if (this.underWay < this.#parts.inFlight && !this.#isStopped) {
      this.#publish();
    }
  }

  /** Sends as many as there is place for, with one write. */
  #publish(): void {
    const { publisher, receivers, inFlight } = this.#parts;
    const count = inFlight - this.underWay;
    const sentUs = nowUs();
    for (let copy = 0; copy < count; copy++) {
      const sequence = this.#published++;
      this.#frames.stamp(copy, { sender: 0, sequence, sentUs });
      this.#waiting[sequence % this.#waiting.length] = receivers;
    }
    publisher.send(this.#frames.first(count));
  }
}
