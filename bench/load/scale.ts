import { setTimeout as sleep } from "node:timers/promises";
import { LatencyHistogram } from "../latency_histogram.ts";
import type { Measure } from "./job.ts";
import { gather, type Load, nowUs, settle, type Turn } from "./load.ts";
import type { LoadConnection } from "./load_connection.ts";
import type { MessageReader } from "./message_reader.ts";
import { SequenceLedger } from "./sequence_ledger.ts";
import { senderAt, sentUsAt, sequenceAt } from "./stamp.ts";
import { blankContent, StampedFrames } from "./stamped_frames.ts";
import type { Sink } from "./swarm.ts";

const SEND_EVERY_MS = 1;

/** Many rooms at once; every member of each publishes in its turn, at a rate that waits for nobody. */
export async function prepareScale(load: Load): Promise<Turn> {
  const connections = await gather(load);
  return () => measureScale(load, connections);
}

async function measureScale(
  load: Load,
  connections: readonly LoadConnection[],
): Promise<Measure> {
  const loop = new ScaleLoop(load, connections);
  load.swarm.sink = loop;
  loop.start();
  const timer = setInterval(() => loop.sendDue(), SEND_EVERY_MS);
  await sleep(load.job.warmUpMs);
  const before = loop.deliveries;
  loop.latency = new LatencyHistogram();
  const stop = load.meter.start();
  await sleep(load.job.measureMs);
  const finish = stop();
  const events = loop.deliveries - before;
  clearInterval(timer);
  await settle(() => loop.deliveries >= loop.expected);
  const { latency, lost, ledger: { duplicated, disordered } } = loop;
  return finish({
    label: "",
    events,
    lost,
    duplicated,
    disordered,
    latency,
  });
}

/** Sends on schedule, and keeps account of every pair of sender and receiver. */
class ScaleLoop implements Sink {
  readonly ledger: SequenceLedger;
  readonly #load: Load;
  readonly #connections: readonly LoadConnection[];
  readonly #rooms: number;
  /** Messages sent, by the sender's place; made when it first sends. */
  readonly #sent: Int32Array;
  readonly #frames: StampedFrames[] = [];
  #startUs = 0;
  #sentInAll = 0;
  deliveries = 0;
  latency = new LatencyHistogram();

  constructor(load: Load, connections: readonly LoadConnection[]) {
    const { members, membersPerRoom } = load.job;
    this.#load = load;
    this.#connections = connections;
    this.#rooms = Math.floor(members / membersPerRoom);
    this.#sent = new Int32Array(members);
    this.ledger = new SequenceLedger(members * membersPerRoom);
  }

  /** Deliveries of all that was sent. */
  get expected(): number {
    return this.#sentInAll * (this.#load.job.membersPerRoom - 1);
  }

  /** Deliveries that never came; counted when nothing comes any more. */
  get lost(): number {
    const { members, membersPerRoom } = this.#load.job;
    let lost = 0;
    for (let receiver = 0; receiver < members; receiver++) {
      const room = receiver - receiver % membersPerRoom;
      for (let sender = 0; sender < membersPerRoom; sender++) {
        if (room + sender === receiver) continue;
        const sent = this.#sent[room + sender] ?? 0;
        lost += this.ledger.lost(receiver * membersPerRoom + sender, sent);
      }
    }
    return lost;
  }

  start(): void {
    this.#startUs = nowUs();
  }

  /** Sends what is due by now. Each is stamped with the moment it was due, so a late start counts. */
  sendDue(): void {
    const { messagesPerSecond } = this.#load.job;
    const elapsedUs = nowUs() - this.#startUs;
    const due = Math.floor(elapsedUs * messagesPerSecond / 1e6);
    while (this.#sentInAll < due) {
      const dueUs = this.#startUs + this.#sentInAll * 1e6 / messagesPerSecond;
      this.#send(this.#sentInAll++, dueUs);
    }
  }

  received(connection: LoadConnection, reader: MessageReader): void {
    const { bytes, at } = reader;
    const { firstMember, membersPerRoom } = this.#load.job;
    const receiver = connection.member.index - firstMember;
    const pair = receiver * membersPerRoom + senderAt(bytes, at);
    if (!this.ledger.see(pair, sequenceAt(bytes, at))) return;
    this.deliveries++;
    this.latency.record(nowUs() - sentUsAt(bytes, at));
  }

  readEnded(): void {}

  /** Rooms take turns, and so do the members of each. */
  #send(turn: number, sentUs: number): void {
    const { membersPerRoom } = this.#load.job;
    const sender = Math.floor(turn / this.#rooms) % membersPerRoom;
    const place = turn % this.#rooms * membersPerRoom + sender;
    const connection = this.#connections[place];
    if (connection === undefined) return;
    const frames = this.#frames[place] ??= this.#framesOf(connection);
    const sequence = this.#sent[place] ?? 0;
    this.#sent[place] = sequence + 1;
    frames.stamp(0, { sender, sequence, sentUs });
    connection.send(frames.first(1));
  }

  #framesOf({ member }: LoadConnection): StampedFrames {
    const { dialect, job } = this.#load;
    const content = blankContent(job.payloadBytes);
    return new StampedFrames(dialect.roomMessage(member, content), 1);
  }
}
