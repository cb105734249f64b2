import { z } from "zod";
import { choice, duration, flag, integer, list, text } from "./keys.ts";
import { ABSOLUTE_PATH, HOUR_MS, MAX_COUNT } from "./bounds.ts";
import { ROOMS_SCHEMA } from "./room_keys.ts";
import { SERVER_SCHEMA } from "./server_keys.ts";

const node = z.strictObject({
  id: text("", {
    about:
      "Name of this node in answers, logs and metrics; empty: generated, and kept while the process runs.",
    expects: "empty, or 1 to 64 of `A-Z a-z 0-9 _ . -`",
    pattern: /^[\w.-]{0,64}$/,
  }),
});

const PERMISSION = {
  expects: "a permission such as `send:message`",
  pattern: /^[a-z][a-z0-9_]{0,31}:[a-z][a-z0-9_]{0,31}$/,
};

const auth = z.strictObject({
  anonymous_permissions: list([
    "read:message",
    "send:message",
    "create:room",
    "join:room",
    "leave:room",
    "direct:message",
    "read:presence",
  ], {
    about: "What a client without a token may do.",
    ...PERMISSION,
    live: true,
  }),
  api_key: text("", {
    about:
      "Key that opens /api to callers from elsewhere, who send it as `Authorization: Bearer`; may be written as `sha256:` and the key's SHA-256 in hex. Empty: /api answers to this machine alone.",
    expects:
      "empty, up to 512 visible ASCII characters without spaces, or `sha256:` and 64 hex digits",
    // What begins like a hash and is none would else be a key of its own.
    pattern:
      /^(?:(?![Ss][Hh][Aa]256:)[\x21-\x7e]{0,512}|[Ss][Hh][Aa]256:[0-9A-Fa-f]{64})$/,
    secret: true,
  }),
});

const limits = z.strictObject({
  rooms: integer(0, {
    about: "Rooms on this node; 0: no limit.",
    min: 0,
    max: MAX_COUNT,
    live: true,
  }),
  rooms_per_connection: integer(256, {
    about: "Rooms one connection may be in; 0: no limit.",
    min: 0,
    max: MAX_COUNT,
    live: true,
  }),
  connections_per_client: integer(0, {
    about: "Connections one client may hold; 0: no limit.",
    min: 0,
    max: MAX_COUNT,
    live: true,
  }),
  messages_per_second: integer(0, {
    about:
      "Messages one connection may send in a second, on average; 0: no limit.",
    min: 0,
    max: MAX_COUNT,
    live: true,
  }),
  message_burst: integer(0, {
    about:
      "Messages one connection may send at once; 0: as many as in a second.",
    min: 0,
    max: MAX_COUNT,
    live: true,
  }),
  invalid_per_minute: integer(10, {
    about:
      "Unreadable messages one connection may send in a minute before it is closed; 0: no limit.",
    min: 0,
    max: MAX_COUNT,
    live: true,
  }),
});

/** The whole configuration as it is written; everything else about it is derived from here. */
export const CONFIG_SCHEMA = z.strictObject({
  node: node.prefault({}),
  server: SERVER_SCHEMA.prefault({}),
  handlers: list([], {
    about:
      "Modules with message handlers of your own, by path from the working directory.",
    expects: "a path such as `./my_handlers.ts`",
    pattern: /\S/,
  }),
  handler_timeout: duration("30s", {
    about:
      "How long a message handler may take before its caller gets error 1004.",
    min: 10,
    max: HOUR_MS,
    live: true,
  }),
  auth: auth.prefault({}),
  rooms: ROOMS_SCHEMA.prefault({}),
  limits: limits.prefault({}),
  log: z.strictObject({
    level: choice("info", {
      about: "The least important lines that are still written.",
      of: ["debug", "info", "warn", "error"],
      live: true,
    }),
    format: choice("auto", {
      about: "How lines look; `auto`: pretty on a terminal, else JSON.",
      of: ["auto", "pretty", "json"],
    }),
  }).prefault({}),
  metrics: z.strictObject({
    enabled: flag(true, { about: "Whether metrics are served." }),
    path: text("/metrics", {
      about: "Where metrics are served, in the Prometheus text format.",
      ...ABSOLUTE_PATH,
    }),
  }).prefault({}),
});

/** The configuration as it may be written: every key can be left out. */
export type ConfigInput = z.input<typeof CONFIG_SCHEMA>;

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
  : T;

type Parsed = z.output<typeof CONFIG_SCHEMA>;

/** What a namespace says of its rooms. */
export type RoomOptions = DeepReadonly<Parsed["rooms"]["defaults"]>;

/**
 * The configuration as it is used: whole, frozen, with the keys of the YAML file. Durations are
 * milliseconds, sizes are bytes.
 */
export type Config = DeepReadonly<Omit<Parsed, "rooms">> & {
  readonly rooms: {
    readonly defaults: RoomOptions;
    /** By namespace, completed from `defaults`. It has no prototype: any name may be looked up. */
    readonly namespaces: Readonly<Record<string, RoomOptions>>;
  };
};
