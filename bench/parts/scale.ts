import { type Part, perSecond } from "../part.ts";
import { bareServer, ceilingServer, hubServer } from "../servers.ts";

const MEMBERS_PER_ROOM = 100;
/** 5,000 for 10,000 connections. */
const MESSAGES_PER_CONNECTION_AND_SECOND = 0.5;

/** Many rooms at a rate that waits for nobody: nothing may be lost, nor late. */
export const scale: Part = {
  name: "scale",
  title:
    `rooms of ${MEMBERS_PER_ROOM}, every member publishing in turn, half a message a second each`,
  unit: "deliveries/s",

  entries: ({ runtimes }) => [
    ...runtimes.flatMap((runtime) => [
      { server: hubServer(runtime), bare: `bare ${runtime}` },
      { server: bareServer(runtime) },
    ]),
    { server: ceilingServer },
  ],

  isCrew: false,

  work: ({ isQuick, connections }) => ({
    scenario: "scale",
    members: connections - connections % MEMBERS_PER_ROOM,
    membersPerRoom: MEMBERS_PER_ROOM,
    sources: 1,
    payloadBytes: 128,
    inFlight: [],
    messagesPerSecond: connections * MESSAGES_PER_CONNECTION_AND_SECOND,
    warmUpMs: isQuick ? 500 : 1_500,
    measureMs: isQuick ? 1_500 : 4_000,
    turns: 1,
    deadlineMs: 60_000,
  }),

  value: perSecond,
};
