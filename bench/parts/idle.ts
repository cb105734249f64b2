import type { Part } from "../part.ts";
import { hubServer } from "../servers.ts";

const MEMBERS_PER_ROOM = 100;
/** Of the hub's own pings, as by default; a quick look cannot wait for them. */
const PING_INTERVAL_MS = 25_000;
const QUICK_PING_INTERVAL_MS = 5_000;
const INTERVALS = 2;

/** What heartbeats cost. */
export const idle: Part = {
  name: "idle",
  title: `idle connections with heartbeats every ${
    PING_INTERVAL_MS / 1_000
  } s (quick: ${QUICK_PING_INTERVAL_MS / 1_000} s)`,
  unit: "% of a core",

  entries: ({ runtimes, isQuick }) =>
    runtimes.map((runtime) => ({
      server: hubServer(runtime, {
        env: {
          HUBBUB_SERVER_WEBSOCKET_PING_INTERVAL: `${pingIntervalMs(isQuick)}ms`,
        },
      }),
    })),

  isCrew: false,

  work: ({ isQuick, connections }) => ({
    scenario: "idle",
    members: connections,
    membersPerRoom: MEMBERS_PER_ROOM,
    sources: 1,
    payloadBytes: 0,
    inFlight: [],
    messagesPerSecond: 0,
    warmUpMs: 1_000,
    measureMs: INTERVALS * pingIntervalMs(isQuick),
    turns: 1,
    deadlineMs: 90_000,
  }),

  // A round takes a minute, and its figure hardly moves.
  rounds: () => 1,

  value: ({ serverCpuSeconds, seconds }) =>
    (serverCpuSeconds ?? NaN) / seconds * 100,
};

function pingIntervalMs(isQuick: boolean): number {
  return isQuick ? QUICK_PING_INTERVAL_MS : PING_INTERVAL_MS;
}
