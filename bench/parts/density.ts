import type { Part } from "../part.ts";
import { hubServer, type ServerSpec } from "../servers.ts";
import type { BenchOptions } from "../options.ts";

const MEMBERS_PER_ROOM = 100;
const MAX_ROUNDS = 2;

/** What a connection that does nothing costs in memory. */
export const density: Part = {
  name: "density",
  title: `idle connections, each in one room of ${MEMBERS_PER_ROOM}`,
  unit: "KiB/connection",

  entries: (options) => idleHubs(options).map((server) => ({ server })),

  isCrew: false,

  work: ({ isQuick, connections }) => ({
    scenario: "idle",
    members: connections,
    membersPerRoom: MEMBERS_PER_ROOM,
    sources: 1,
    payloadBytes: 0,
    inFlight: [],
    messagesPerSecond: 0,
    // Long enough to see what is given back after the ramp.
    warmUpMs: isQuick ? 2_000 : 5_000,
    measureMs: 1_000,
    turns: 1,
    deadlineMs: 60_000,
  }),

  // A round takes half a minute, and its figure hardly moves.
  rounds: ({ rounds }) => Math.min(rounds, MAX_ROUNDS),

  value: ({ serverGrowthBytes, events }) =>
    (serverGrowthBytes ?? NaN) / events / 1024,
};

/** The hubs that idle parts look at. */
export function idleHubs({ runtimes }: BenchOptions): ServerSpec[] {
  return [
    ...runtimes.map((runtime) => hubServer(runtime)),
    ...(runtimes.includes("deno")
      ? [hubServer("deno", { transport: "native" })]
      : []),
  ];
}
