import { type Part, perSecond } from "../part.ts";
import { bareServer, ceilingServer, hubServer } from "../servers.ts";

const MEMBERS_PER_ROOM = 100;
const WITHOUT_PRESENCE = {
  note: "no presence",
  env: { HUBBUB_ROOMS_DEFAULTS_PRESENCE: "false" },
};

/** A crowd that arrives: handshake, join, answer. */
export const connect: Part = {
  name: "connect",
  title:
    `connections opened and joined to rooms of ${MEMBERS_PER_ROOM}, 128 handshakes at a time`,
  unit: "connections/s",

  entries: ({ runtimes }) => [
    ...runtimes.flatMap((runtime) => [
      { server: hubServer(runtime), bare: `bare ${runtime}` },
      {
        server: hubServer(runtime, WITHOUT_PRESENCE),
        bare: `bare ${runtime}`,
      },
      { server: bareServer(runtime) },
    ]),
    { server: ceilingServer },
  ],

  isCrew: false,

  work: ({ connections }) => ({
    scenario: "connect",
    members: connections,
    membersPerRoom: MEMBERS_PER_ROOM,
    sources: 1,
    payloadBytes: 0,
    inFlight: [],
    messagesPerSecond: 0,
    warmUpMs: 0,
    measureMs: 0,
    turns: 1,
    deadlineMs: 60_000,
  }),

  value: perSecond,
};
