import { z } from "zod";
import { choice, duration, flag, type Form, integer } from "./keys.ts";
import { DAY_MS, MAX_COUNT } from "./bounds.ts";

const ROOM_KEYS = {
  auto_create: flag(true, {
    about: "Whether joining a room that does not exist creates it.",
    live: true,
  }),
  max_clients: integer(0, {
    about: "Clients a room takes; 0: no limit.",
    min: 0,
    max: MAX_COUNT,
    live: true,
  }),
  presence: flag(true, {
    about: "Whether members are told who joins and leaves.",
    live: true,
  }),
  echo: flag(false, {
    about: "Whether a sender gets its own message back.",
    live: true,
  }),
  empty_ttl: duration("60s", {
    about:
      "How long an automatically created room stays after its last member has left.",
    min: 0,
    max: 7 * DAY_MS,
    live: true,
  }),
  slow_consumer: choice("disconnect", {
    about:
      "What becomes of a client whose queue is full: it is closed with 4001, or messages of the room are dropped for it.",
    of: ["disconnect", "drop_oldest", "drop_newest"],
    live: true,
  }),
};

/** A namespace is what stands before the first `:` of a room id, and has the room id's alphabet. */
export const NAMESPACE_NAME: Form = {
  expects: "1 to 64 of `A-Z a-z 0-9 _ . -`, and not `__proto__`",
  pattern: /^(?!__proto__$)[\w.-]{1,64}$/,
};

/** The block `rooms`. */
export const ROOMS_SCHEMA = z.strictObject({
  defaults: z.strictObject(ROOM_KEYS).prefault({}),
  namespaces: z.record(
    z.string().regex(NAMESPACE_NAME.pattern),
    z.strictObject({
      // Without their defaults: what a namespace leaves out comes from rooms.defaults.
      auto_create: ROOM_KEYS.auto_create.unwrap().optional(),
      max_clients: ROOM_KEYS.max_clients.unwrap().optional(),
      presence: ROOM_KEYS.presence.unwrap().optional(),
      echo: ROOM_KEYS.echo.unwrap().optional(),
      empty_ttl: ROOM_KEYS.empty_ttl.unwrap().optional(),
      slow_consumer: ROOM_KEYS.slow_consumer.unwrap().optional(),
    }),
  ).prefault({}),
});
