import { type Part, perSecond } from "../part.ts";
import { bareServer, ceilingServer, hubServer } from "../servers.ts";

const IN_FLIGHT = 1_000;

/** Messages from one client to another, which nothing can be shared for. */
export const direct: Part = {
  name: "direct",
  title: "direct messages between random pairs of clients (bare: echo)",
  unit: "messages/s",

  entries: ({ runtimes }) => [
    ...runtimes.flatMap((runtime) => [
      { server: hubServer(runtime), bare: `bare ${runtime}` },
      { server: bareServer(runtime) },
    ]),
    { server: ceilingServer },
  ],

  isCrew: false,

  work: ({ isQuick, connections }) => ({
    scenario: "direct",
    members: connections,
    membersPerRoom: 0,
    sources: 1,
    payloadBytes: 128,
    inFlight: [IN_FLIGHT],
    messagesPerSecond: 0,
    warmUpMs: isQuick ? 300 : 1_000,
    measureMs: isQuick ? 800 : 2_500,
    turns: 1,
    deadlineMs: 60_000,
  }),

  value: perSecond,
};
