import { z } from "zod";
import { choice, duration, flag, integer, list, size, text } from "./keys.ts";
import {
  ABSOLUTE_PATH,
  DAY_MS,
  GIB,
  HOUR_MS,
  KIB,
  MAX_COUNT,
  MIB,
  MINUTE_MS,
  SECOND_MS,
} from "./bounds.ts";

const websocket = z.strictObject({
  path: text("/ws", {
    about: "Where clients connect.",
    ...ABSOLUTE_PATH,
  }),
  transport: choice("auto", {
    about:
      "How Deno carries WebSockets: `ws` over a raw socket, `native` with `Deno.upgradeWebSocket`; `auto` takes the best there is. Bun has one way, and takes `auto` or `native`.",
    of: ["auto", "native", "ws"],
  }),
  max_connections: integer(0, {
    about:
      "Connections this node takes; 0: as many as the system has descriptors for.",
    min: 0,
    max: MAX_COUNT,
    live: true,
  }),
  max_message_bytes: size("64KiB", {
    about:
      "The largest message a client may send; a larger one closes its connection with 1009.",
    min: 128,
    max: 64 * MIB,
    live: true,
  }),
  compression: flag(false, {
    about:
      "Whether permessage-deflate (RFC 7692) is offered to clients; Deno's `native` transport has none.",
  }),
  write_delay: duration("0ms", {
    about:
      "How long outgoing messages are gathered before they are written together; 0ms: until the events at hand are handled.",
    min: 0,
    max: SECOND_MS,
    live: true,
  }),
  ping_interval: duration("25s", {
    about: "How often the server pings a client.",
    min: 50,
    max: HOUR_MS,
    live: true,
  }),
  idle_timeout: duration("60s", {
    about: "A client that shows no life for so long is closed with 4002.",
    min: 100,
    max: DAY_MS,
    live: true,
  }),
  close_timeout: duration("5s", {
    about:
      "How long a client has to finish a close handshake before its socket is dropped.",
    min: 50,
    max: 5 * MINUTE_MS,
    live: true,
  }),
  queue_bytes: size("1MiB", {
    about:
      "Bytes that may wait for one client; beyond it the slow-consumer policy of the room decides.",
    min: KIB,
    max: GIB,
    live: true,
  }),
  allowed_origins: list(["*"], {
    about:
      "Web origins whose pages may connect; `*`: any. A client that sends no origin is not a browser and may always connect.",
    expects:
      "`*`, or an origin such as `https://example.com` or `https://*.example.com`",
    pattern: /^(?:\*|null|[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:\*\.)?[^\s*/?#@,]+)$/,
    live: true,
  }),
  duplicate_client_id: choice("allow", {
    about:
      "What happens when a client that is connected connects again: `allow` keeps both, `replace` closes the older with 4504, `reject` closes the newer with 4505.",
    of: ["allow", "replace", "reject"],
  }),
});

/** The block `server`. */
export const SERVER_SCHEMA = z.strictObject({
  host: text("127.0.0.1", {
    about: "Address to listen on; 0.0.0.0 or :: for every address.",
    expects: "an IP address or a host name",
    pattern: /^[A-Za-z0-9_.:%-]{1,255}$/,
  }),
  port: integer(8080, {
    about: "Port to listen on, for HTTP and WebSocket alike; 0: any free one.",
    min: 0,
    max: 65_535,
  }),
  drain_timeout: duration("15s", {
    about:
      "How long a shutdown may take to tell clients, flush and close before the rest is dropped.",
    min: 0,
    max: HOUR_MS,
    live: true,
  }),
  websocket: websocket.prefault({}),
  http: z.strictObject({
    max_body_bytes: size("1MiB", {
      about:
        "The largest body of an HTTP request; a larger one is answered with 413.",
      min: KIB,
      max: 64 * MIB,
      live: true,
    }),
  }).prefault({}),
});
