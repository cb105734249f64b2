import type { Config } from "./schema.ts";
import { formatDuration, formatSize } from "./units.ts";

/** A rule about keys that are each right, and not together. */
export interface Combination {
  /** The keys it looks at; the first is the one that is refused. */
  readonly keys: readonly string[];
  /** What would do, where the rule is broken. */
  check(config: Config): string | undefined;
}

/** Where the HTTP side answers, whatever the configuration says. */
export const OWN_PATHS: readonly string[] = [
  "/api",
  "/docs",
  "/health",
  "/openapi.json",
  "/try.css",
  "/try.js",
  "/try_view.js",
];

function ownPath(path: string): string | undefined {
  return OWN_PATHS.find((own) => path === own || path.startsWith(`${own}/`));
}

/** Every rule that holds between keys. */
export const COMBINATIONS: readonly Combination[] = [
  {
    keys: ["server.websocket.ping_interval", "server.websocket.idle_timeout"],
    check: ({ server: { websocket } }) =>
      websocket.ping_interval < websocket.idle_timeout
        ? undefined
        : `must be shorter than server.websocket.idle_timeout, which is ${
          formatDuration(websocket.idle_timeout)
        }`,
  },
  {
    keys: [
      "server.websocket.queue_bytes",
      "server.websocket.max_message_bytes",
    ],
    check: ({ server: { websocket } }) =>
      websocket.queue_bytes >= 2 * websocket.max_message_bytes
        ? undefined
        : `must be at least twice server.websocket.max_message_bytes, which is ${
          formatSize(websocket.max_message_bytes)
        }`,
  },
  {
    keys: ["server.websocket.allowed_origins"],
    check: ({ server: { websocket: { allowed_origins: origins } } }) =>
      origins.includes("*") && origins.length > 1
        ? "must be either `*` alone or origins without it"
        : undefined,
  },
  {
    keys: ["server.websocket.path"],
    check({ server: { websocket: { path } } }) {
      const own = ownPath(path);
      return own === undefined
        ? undefined
        : `must be a path that is free, and ${own} is not`;
    },
  },
  {
    keys: ["metrics.path", "metrics.enabled"],
    check({ metrics }) {
      const own = metrics.path === "/" ? "/" : ownPath(metrics.path);
      return own === undefined || !metrics.enabled
        ? undefined
        : `must be a path that is free, and ${own} is not`;
    },
  },
  {
    keys: ["metrics.path", "metrics.enabled", "server.websocket.path"],
    check: ({ metrics, server }) =>
      metrics.enabled && metrics.path === server.websocket.path
        ? "must differ from server.websocket.path"
        : undefined,
  },
  {
    keys: ["limits.message_burst", "limits.messages_per_second"],
    check: ({ limits }) =>
      limits.message_burst > 0 && limits.messages_per_second === 0
        ? "must be 0 where limits.messages_per_second is 0"
        : undefined,
  },
  {
    keys: [
      "limits.connections_per_client",
      "server.websocket.duplicate_client_id",
    ],
    check({ limits, server: { websocket } }) {
      const policy = websocket.duplicate_client_id;
      return limits.connections_per_client > 1 && policy !== "allow"
        ? `must be 0 or 1 where server.websocket.duplicate_client_id is ${policy}`
        : undefined;
    },
  },
];
