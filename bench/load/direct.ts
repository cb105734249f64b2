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
import { sentUsAt, sequenceAt } from "./stamp.ts";
import { blankContent, StampedFrames } from "./stamped_frames.ts";
import type { Sink } from "./swarm.ts";

/** Messages from one random client to another; against a relay, from it to itself. */
export async function prepareDirect(load: Load): Promise<Turn> {
  const connections = await gather(load);
  return (turn) => {
    const inFlight = inFlightOf(load.job, turn);
    return measureDirect(load, { connections, inFlight });
  };
}

async function measureDirect(load: Load, parts: Parts): Promise<Measure> {
  const loop = new DirectLoop(load, parts);
  load.swarm.sink = loop;
  loop.start();
  await sleep(load.job.warmUpMs);
  const before = loop.arrived;
  loop.latency = new LatencyHistogram();
  const stop = load.meter.start();
  await sleep(load.job.measureMs);
  const finish = stop();
  const events = loop.arrived - before;
  const { latency } = loop;
  loop.stop();
  await settle(() => loop.underWay === 0);
  return finish({
    label: `${parts.inFlight} in flight`,
    events,
    lost: loop.underWay,
    duplicated: loop.unexpected,
    latency,
  });
}

interface Parts {
  readonly connections: readonly LoadConnection[];
  readonly inFlight: number;
}

/** Keeps a number of direct messages under way: one that arrives sets off the next. */
class DirectLoop implements Sink {
  readonly #load: Load;
  readonly #parts: Parts;
  /** Whom a message is for, by its number, while it is under way. */
  readonly #targets = new Map<number, LoadConnection>();
  /** By the target's index: all that a message says of its sender is in its stamp, or its target. */
  readonly #frames: StampedFrames[] = [];
  #sent = 0;
  #isStopped = false;
  arrived = 0;
  /** Messages that had come before, or came to the wrong client. */
  unexpected = 0;
  latency = new LatencyHistogram();

  constructor(load: Load, parts: Parts) {
    this.#load = load;
    this.#parts = parts;
  }

  get underWay(): number {
    return this.#targets.size;
  }

  start(): void {
    this.readEnded();
  }

  stop(): void {
    this.#isStopped = true;
  }

  received(connection: LoadConnection, reader: MessageReader): void {
    const { bytes, at } = reader;
    const number = sequenceAt(bytes, at);
    if (this.#targets.get(number) !== connection) {
      this.unexpected++;
      return;
    }
    this.#targets.delete(number);
    this.arrived++;
    this.latency.record(nowUs() - sentUsAt(bytes, at));
  }

  readEnded(): void {
    if (this.#isStopped) return;
    while (this.underWay < this.#parts.inFlight) this.#send();
  }

  #send(): void {
    const { dialect, job } = this.#load;
    const sender = this.#pick();
    const isEchoed = job.dialect === "relay";
    const target = isEchoed ? sender : this.#pick();
    const frames = this.#frames[target.member.index] ??= new StampedFrames(
      dialect.directMessage(sender.member, {
        targetId: target.member.clientId,
        content: blankContent(job.payloadBytes),
      }),
      1,
    );
    const sequence = this.#sent++;
    frames.stamp(0, { sender: 0, sequence, sentUs: nowUs() });
    this.#targets.set(sequence, target);
    sender.send(frames.first(1));
  }

  #pick(): LoadConnection {
    const { connections } = this.#parts;
    const picked = connections[Math.floor(Math.random() * connections.length)];
    if (picked === undefined) throw new Error("Cannot send: no member");
    return picked;
  }
}
