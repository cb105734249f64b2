import { setTimeout as sleep } from "node:timers/promises";
import type { Dialect, Member } from "./dialects.ts";
import type { Job, Measure } from "./job.ts";
import type { LoadConnection } from "./load_connection.ts";
import type { Meter } from "./meter.ts";
import type { Swarm } from "./swarm.ts";

/** What a scenario works with. */
export interface Load {
  readonly job: Job;
  readonly dialect: Dialect;
  readonly swarm: Swarm;
  readonly meter: Meter;
}

/** Measures once; `turn` counts from 0. */
export type Turn = (turn: number) => Promise<Measure>;

/** Handshakes under way at a time; far below what a listening socket queues. */
const CONNECTS_IN_FLIGHT = 128;
/** Time for the last member to be one on the server's side too, and for what its joining set off. */
const REST_MS = 300;
/** What is still under way at the end of a measurement has so long to come. */
const SETTLE_DEADLINE_MS = 5_000;
const SETTLE_POLL_MS = 10;

/** Who the members of a job are: those of one room follow each other. */
export function membersOf(job: Job): Member[] {
  return Array.from({ length: job.members }, (_, place) => {
    const index = job.firstMember + place;
    const room = job.membersPerRoom === 0
      ? undefined
      : name("r", Math.floor(index / job.membersPerRoom));
    return { index, clientId: name("c", index), room };
  });
}

/** Connects all members and has them join; returns them in order. */
export async function ramp(load: Load): Promise<LoadConnection[]> {
  const members = membersOf(load.job).values();
  const connections: LoadConnection[] = [];
  async function connectSome() {
    for (const member of members) {
      connections[member.index - load.job.firstMember] = await load.swarm
        .connect(member);
    }
  }
  await Promise.all(Array.from({ length: CONNECTS_IN_FLIGHT }, connectSome));
  return connections;
}

/** The same, and waits until it is quiet. */
export async function gather(load: Load): Promise<LoadConnection[]> {
  const connections = await ramp(load);
  await sleep(REST_MS);
  return connections;
}

/** Waits until nothing is under way any more, or has had all the time it could ask for. */
export async function settle(isSettled: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + SETTLE_DEADLINE_MS;
  while (!isSettled() && performance.now() < deadlineMs) {
    await sleep(SETTLE_POLL_MS);
  }
}

/** How many messages are to be under way in a turn. */
export function inFlightOf({ inFlight }: Job, turn: number): number {
  return inFlight[turn % inFlight.length] ?? 1;
}

/** Microseconds on this process's clock. */
export function nowUs(): number {
  return performance.now() * 1_000;
}

/** Names of one length, so that messages are of one size. */
function name(prefix: string, index: number): string {
  return prefix + String(index).padStart(6, "0");
}
