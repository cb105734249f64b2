import type { BenchOptions } from "../options.ts";
import { type Entry, type Part, perSecond } from "../part.ts";
import {
  bareServer,
  ceilingServer,
  hubServer,
  socketIoServer,
} from "../servers.ts";

const RECEIVERS = 1_000;
const IN_FLIGHT: readonly number[] = [1, 8, 32];
/** Turns of each, in a round. */
const TURNS = 5;
const QUICK_TURNS = 2;

/** One publisher, many receivers: what the hub is for. */
export const fanOut: Part = {
  name: "fan_out",
  title: `one room, ${RECEIVERS} members and a publisher, 128-byte payload`,
  unit: "deliveries/s",

  entries({ runtimes }: BenchOptions): Entry[] {
    const entries: Entry[] = runtimes.flatMap((runtime) => [
      { server: hubServer(runtime), bare: `bare ${runtime}` },
      {
        server: hubServer(runtime, { dialect: "hubbub.v1.json" }),
        bare: `bare ${runtime}`,
      },
      { server: bareServer(runtime) },
    ]);
    if (runtimes.includes("deno")) entries.push(...nativeEntries());
    return [...entries, { server: socketIoServer }, { server: ceilingServer }];
  },

  isCrew: true,

  work: ({ isQuick }) => ({
    scenario: "fan_out",
    members: RECEIVERS + 1,
    membersPerRoom: RECEIVERS + 1,
    sources: 1,
    payloadBytes: 128,
    inFlight: [...IN_FLIGHT],
    messagesPerSecond: 0,
    warmUpMs: 150,
    measureMs: 350,
    turns: IN_FLIGHT.length * (isQuick ? QUICK_TURNS : TURNS),
    deadlineMs: 240_000,
  }),

  value: perSecond,
};

/** Deno's own WebSockets cannot be written together: only the dialect can put messages in one frame. */
function nativeEntries(): Entry[] {
  const transport = "native";
  const bare = bareServer("deno", { transport });
  return [
    { server: hubServer("deno", { transport }), bare: bare.name },
    {
      server: hubServer("deno", { transport, dialect: "hubbub.v1.json" }),
      bare: bare.name,
    },
    { server: bare },
  ];
}
