import assert from "node:assert/strict";
import { test } from "node:test";
import { environmentKeys } from "../../../src/config/environment.ts";
import { CONFIG_TREE, listKeys } from "../../../src/config/key_tree.ts";
import { parseConfig } from "../../../src/config/resolve.ts";
import { valueAt } from "../../../src/config/values.ts";
import { load, problemsOf } from "../../fakes/load_yaml.ts";

/** For every variable the key it sets, a text that differs from the default, and what becomes of it. */
const SETTINGS: Readonly<Record<string, readonly [string, string, unknown]>> = {
  HUBBUB_NODE_ID: ["node.id", "node-1", "node-1"],
  HUBBUB_SERVER_HOST: ["server.host", "::1", "::1"],
  HUBBUB_SERVER_PORT: ["server.port", "9000", 9_000],
  HUBBUB_SERVER_DRAIN_TIMEOUT: ["server.drain_timeout", "0ms", 0],
  HUBBUB_SERVER_WEBSOCKET_PATH: ["server.websocket.path", "/a/b", "/a/b"],
  HUBBUB_SERVER_WEBSOCKET_TRANSPORT: [
    "server.websocket.transport",
    "native",
    "native",
  ],
  HUBBUB_SERVER_WEBSOCKET_MAX_CONNECTIONS: [
    "server.websocket.max_connections",
    "100",
    100,
  ],
  HUBBUB_SERVER_WEBSOCKET_MAX_MESSAGE_BYTES: [
    "server.websocket.max_message_bytes",
    "32KiB",
    32_768,
  ],
  HUBBUB_SERVER_WEBSOCKET_COMPRESSION: [
    "server.websocket.compression",
    "true",
    true,
  ],
  HUBBUB_SERVER_WEBSOCKET_WRITE_DELAY: [
    "server.websocket.write_delay",
    "5ms",
    5,
  ],
  HUBBUB_SERVER_WEBSOCKET_PING_INTERVAL: [
    "server.websocket.ping_interval",
    "10s",
    10_000,
  ],
  HUBBUB_SERVER_WEBSOCKET_IDLE_TIMEOUT: [
    "server.websocket.idle_timeout",
    "1.5m",
    90_000,
  ],
  HUBBUB_SERVER_WEBSOCKET_CLOSE_TIMEOUT: [
    "server.websocket.close_timeout",
    "1s",
    1_000,
  ],
  HUBBUB_SERVER_WEBSOCKET_QUEUE_BYTES: [
    "server.websocket.queue_bytes",
    "2MiB",
    2_097_152,
  ],
  HUBBUB_SERVER_WEBSOCKET_ALLOWED_ORIGINS: [
    "server.websocket.allowed_origins",
    "https://a.example,https://*.b.example",
    ["https://a.example", "https://*.b.example"],
  ],
  HUBBUB_SERVER_WEBSOCKET_DUPLICATE_CLIENT_ID: [
    "server.websocket.duplicate_client_id",
    "reject",
    "reject",
  ],
  HUBBUB_SERVER_HTTP_MAX_BODY_BYTES: [
    "server.http.max_body_bytes",
    "4KiB",
    4_096,
  ],
  HUBBUB_HANDLERS: ["handlers", "./a.ts, ./b.ts", ["./a.ts", "./b.ts"]],
  HUBBUB_HANDLER_TIMEOUT: ["handler_timeout", "1h", 3_600_000],
  HUBBUB_AUTH_ANONYMOUS_PERMISSIONS: ["auth.anonymous_permissions", "", []],
  HUBBUB_AUTH_API_KEY: ["auth.api_key", "12345", "12345"],
  HUBBUB_ROOMS_DEFAULTS_AUTO_CREATE: [
    "rooms.defaults.auto_create",
    "false",
    false,
  ],
  HUBBUB_ROOMS_DEFAULTS_MAX_CLIENTS: ["rooms.defaults.max_clients", "7", 7],
  HUBBUB_ROOMS_DEFAULTS_PRESENCE: ["rooms.defaults.presence", "false", false],
  HUBBUB_ROOMS_DEFAULTS_ECHO: ["rooms.defaults.echo", "true", true],
  HUBBUB_ROOMS_DEFAULTS_EMPTY_TTL: ["rooms.defaults.empty_ttl", "0ms", 0],
  HUBBUB_ROOMS_DEFAULTS_SLOW_CONSUMER: [
    "rooms.defaults.slow_consumer",
    "drop_oldest",
    "drop_oldest",
  ],
  HUBBUB_LIMITS_ROOMS: ["limits.rooms", "10", 10],
  HUBBUB_LIMITS_ROOMS_PER_CONNECTION: ["limits.rooms_per_connection", "3", 3],
  HUBBUB_LIMITS_CONNECTIONS_PER_CLIENT: [
    "limits.connections_per_client",
    "1",
    1,
  ],
  HUBBUB_LIMITS_MESSAGES_PER_SECOND: ["limits.messages_per_second", "50", 50],
  HUBBUB_LIMITS_MESSAGE_BURST: ["limits.message_burst", "0", 0],
  HUBBUB_LIMITS_INVALID_PER_MINUTE: ["limits.invalid_per_minute", "0", 0],
  HUBBUB_LOG_LEVEL: ["log.level", "debug", "debug"],
  HUBBUB_LOG_FORMAT: ["log.format", "json", "json"],
  HUBBUB_METRICS_ENABLED: ["metrics.enabled", "false", false],
  HUBBUB_METRICS_PATH: ["metrics.path", "/prometheus", "/prometheus"],
};

test("environmentKeys() has a variable of its own for every key outside records", () => {
  const keys = listKeys(CONFIG_TREE).filter((key) => !key.path.includes("*"));
  assert.equal(environmentKeys().size, keys.length);
  assert.deepEqual(
    [...environmentKeys().keys()].sort(),
    Object.keys(SETTINGS).sort(),
  );
});

for (const [name, [path, text, value]] of Object.entries(SETTINGS)) {
  test(`collectEnvironment() sets ${path} by ${name}`, async () => {
    const before = parseConfig();
    const after = await load("", { [name]: text });
    const keyPath = path.split(".");
    assert.deepEqual(valueAt(after, keyPath), value);
    // limits.message_burst alone may not be set to anything but its default.
    if (path !== "limits.message_burst") {
      assert.notDeepEqual(valueAt(before, keyPath), value);
    }
  });
}

test("collectEnvironment() sets limits.message_burst beside its rate", async () => {
  const { limits } = await load("", {
    HUBBUB_LIMITS_MESSAGES_PER_SECOND: "50",
    HUBBUB_LIMITS_MESSAGE_BURST: "200",
  });
  assert.equal(limits.message_burst, 200);
});

test("collectEnvironment() names the variable of a wrong value", async () => {
  const wrong: readonly (readonly [string, string, string])[] = [
    ["HUBBUB_SERVER_PORT", "", "server.port: must be 0 to 65535"],
    ["HUBBUB_SERVER_PORT", "80.5", "server.port: must be 0 to 65535"],
    ["HUBBUB_SERVER_PORT", "0x50", "server.port: must be 0 to 65535"],
    ["HUBBUB_SERVER_PORT", " 80", "server.port: must be 0 to 65535"],
    ["HUBBUB_METRICS_ENABLED", "yes", "metrics.enabled: must be true or false"],
    [
      "HUBBUB_SERVER_DRAIN_TIMEOUT",
      "15",
      "server.drain_timeout: must be a duration from 0ms to 1h, such as 250ms, 30s or 5m",
    ],
  ];
  for (const [name, text, start] of wrong) {
    assert.deepEqual(await problemsOf("", { [name]: text }), [
      `Cannot use ${start}: current value is "${text}" (${name})`,
    ]);
  }
  assert.deepEqual(await problemsOf("", { HUBBUB_LIMITS_ROOMS: "-1" }), [
    "Cannot use limits.rooms: must be 0 to 1000000000: current value is -1 (HUBBUB_LIMITS_ROOMS)",
  ]);
  assert.deepEqual(await problemsOf("", { HUBBUB_HANDLERS: "./a.ts,," }), [
    'Cannot use handlers[1]: must be a path such as `./my_handlers.ts`: current value is "" (HUBBUB_HANDLERS)',
  ]);
});

test("collectEnvironment() refuses unknown variables without showing them", async () => {
  assert.deepEqual(
    await problemsOf("", {
      HUBBUB_AUTH_API_KYE: "s3cret",
      HUBBUB_SERVER_PROT: "1",
      HUBBUB_CLUSTER_REDIS_URL: "redis://u:s3cret@h",
      HUBBUB_: "",
    }),
    [
      "Cannot use HUBBUB_: unknown variable",
      "Cannot use HUBBUB_AUTH_API_KYE: unknown variable, did you mean HUBBUB_AUTH_API_KEY",
      "Cannot use HUBBUB_CLUSTER_REDIS_URL: unknown variable",
      "Cannot use HUBBUB_SERVER_PROT: unknown variable, did you mean HUBBUB_SERVER_PORT",
    ],
  );
});

test("collectEnvironment() refuses to set namespaces", async () => {
  assert.deepEqual(
    await problemsOf("", { HUBBUB_ROOMS_NAMESPACES_CHAT_ECHO: "true" }),
    [
      "Cannot use HUBBUB_ROOMS_NAMESPACES_CHAT_ECHO: rooms.namespaces is set in the YAML file alone",
    ],
  );
});

test("collectEnvironment() lets be what is not set, not ours, or asked for by the file", async () => {
  const config = await load("node:\n  id: ${HUBBUB_POD:none}", {
    HUBBUB_SERVER_PORT: undefined,
    HUBBUBS: "1",
    hubbub_server_port: "1",
    PORT: "1",
    HUBBUB_POD: "pod-7",
  });
  assert.equal(config.server.port, 8_080);
  assert.equal(config.node.id, "pod-7");
});

test("collectEnvironment() lets be what Kubernetes tells of services", async () => {
  const config = await load("", {
    HUBBUB_SERVICE_HOST: "10.0.0.1",
    HUBBUB_SERVICE_PORT: "80",
    HUBBUB_SERVICE_PORT_HTTP: "80",
    HUBBUB_PORT: "tcp://10.0.0.1:80",
    HUBBUB_PORT_80_TCP: "tcp://10.0.0.1:80",
    HUBBUB_PORT_80_TCP_PROTO: "tcp",
    HUBBUB_PORT_80_TCP_PORT: "80",
    HUBBUB_PORT_80_TCP_ADDR: "10.0.0.1",
    HUBBUB_SERVER_PORT: "tcp://10.0.0.1:80",
    HUBBUB_SERVER_SERVICE_HOST: "10.0.0.1",
  });
  assert.equal(config.server.port, 8_080);
});
