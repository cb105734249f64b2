import assert from "node:assert/strict";
import { test } from "node:test";
import { CONFIG_TREE, listKeys } from "../../../src/config/key_tree.ts";
import { ConfigError } from "../../../src/config/problem.ts";
import { parseConfig } from "../../../src/config/resolve.ts";
import { problemsOf } from "../../fakes/load_yaml.ts";

function refused(input: unknown): readonly string[] {
  try {
    // What a program without types may pass.
    Reflect.apply(parseConfig, undefined, [input]);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  assert.fail("Cannot go on: the configuration was not refused");
}

test("parseConfig() fills in the defaults and reads units", () => {
  const config = parseConfig({
    server: { port: 0, websocket: { queue_bytes: "128KiB" } },
    handler_timeout: "1.5s",
  });
  assert.equal(config.server.port, 0);
  assert.equal(config.server.websocket.queue_bytes, 131_072);
  assert.equal(config.handler_timeout, 1_500);
  assert.equal(config.server.host, "127.0.0.1");
});

test("parseConfig() completes each namespace from rooms.defaults", () => {
  const { rooms } = parseConfig({
    rooms: {
      defaults: { max_clients: 9, echo: true },
      namespaces: {
        chat: { echo: false, empty_ttl: "1m" },
        empty: {},
      },
    },
  });
  assert.deepEqual({ ...rooms.namespaces["chat"] }, {
    auto_create: true,
    max_clients: 9,
    presence: true,
    echo: false,
    empty_ttl: 60_000,
    slow_consumer: "disconnect",
  });
  assert.equal(Object.getPrototypeOf(rooms.namespaces), null);
  assert.equal(rooms.namespaces["constructor"], undefined);
});

test("parseConfig() takes undefined for what is left out", () => {
  assert.deepEqual(
    Reflect.apply(parseConfig, undefined, [{ server: { port: undefined } }]),
    parseConfig(),
  );
});

test("parseConfig() refuses what is no configuration", () => {
  assert.deepEqual(refused({ server: { port: 1n, prot: 1 }, log: [] }), [
    "Cannot use server.prot: unknown key, did you mean server.port: current value is 1",
    "Cannot use log: must be a mapping of keys: current value is a list",
    "Cannot use server.port: must be 0 to 65535: current value is 1",
  ]);
  for (const input of ["text", 5, [], true]) {
    assert.deepEqual(refused(input), [
      "Cannot use the configuration: must be a mapping of keys: current value is hidden",
    ]);
  }
});

test("parseConfig() does not substitute or read the environment", () => {
  assert.deepEqual(refused({ server: { host: "${HOME}" } }), [
    'Cannot use server.host: must be an IP address or a host name: current value is "${HOME}"',
  ]);
});

/** A value of the wrong type for each kind of key. */
const WRONG_TYPES = {
  text: ["5", "true", "null", "[a]", "{ a: b }"],
  integer: ['"5"', "5.5", "true", "null", "[5]", ".nan", ".inf", "1e99"],
  boolean: ['"true"', "1", "yes", "null"],
  choice: ["unheard_of", "5", "null", "[auto]"],
  duration: ["5", "5 s", "-5s", "soon", "true", "null", "99999999d"],
  size: ["5", "5KB", "-5B", "big", "null", "99999GiB"],
  list: ["text", "5", "null", "{ a: b }", "[5]", "[null]", "[[a]]", '[""]'],
} as const;

for (const key of listKeys(CONFIG_TREE)) {
  const path = key.path.map((name) => name === "*" ? "chat" : name);
  test(`resolveSettings() refuses wrong types for ${key.path.join(".")}`, async () => {
    for (const value of WRONG_TYPES[key.kind]) {
      const yaml = path.reduceRight(
        (inner, name) => `{ ${name}: ${inner} }`,
        value,
      );
      const problems = await problemsOf(yaml);
      assert.equal(problems.length, 1, `${yaml}: ${problems.join("\n")}`);
      const [problem = ""] = problems;
      assert.ok(problem.startsWith(`Cannot use ${path.join(".")}`), problem);
      assert.match(problem, /: must be .+: current value is .+ \(line 1\)$/);
      assert.ok(problem.includes(key.expects), problem);
      assert.equal(problem.includes("current value is hidden"), key.isSecret);
    }
  });
}

test("resolveSettings() keeps to the bounds of each number, the bounds among it", () => {
  assert.equal(parseConfig({ server: { port: 65_535 } }).server.port, 65_535);
  assert.deepEqual(refused({ server: { port: 65_536 } }), [
    "Cannot use server.port: must be 0 to 65535: current value is 65536",
  ]);
  const { websocket } = parseConfig({
    server: { websocket: { ping_interval: "50ms", idle_timeout: "100ms" } },
  }).server;
  assert.deepEqual([websocket.ping_interval, websocket.idle_timeout], [
    50,
    100,
  ]);
  assert.deepEqual(
    refused({ server: { websocket: { ping_interval: "49ms" } } }),
    [
      'Cannot use server.websocket.ping_interval: must be a duration from 50ms to 1h, such as 250ms, 30s or 5m: current value is "49ms"',
    ],
  );
  assert.deepEqual(
    refused({ server: { websocket: { max_message_bytes: "127B" } } }),
    [
      'Cannot use server.websocket.max_message_bytes: must be a size from 128B to 64MiB, such as 512B, 64KiB or 1MiB: current value is "127B"',
    ],
  );
});

test("resolveSettings() takes paths that a request can have", () => {
  for (const path of ["/", "/ws", "/a/b.c", "/.well-known/ws", "/~u/a-b_c"]) {
    const config = parseConfig({ server: { websocket: { path } } });
    assert.equal(config.server.websocket.path, path);
  }
  const wrong = [
    "",
    "ws",
    "/ws/",
    "//",
    "/a//b",
    "/a b",
    "/:id",
    "/*",
    "/a?b",
    "/a#b",
    "/.",
    "/a/../b",
    "/é",
    "/%41",
    `/${"a".repeat(200)}`,
  ];
  for (const path of wrong) {
    assert.equal(refused({ server: { websocket: { path } } }).length, 1, path);
  }
});

test("resolveSettings() takes origins as browsers send them, and patterns", () => {
  const allowed_origins = [
    "https://a.example",
    "http://127.0.0.1:3000",
    "http://[::1]:3000",
    "https://*.a.example",
    "chrome-extension://abc",
    "null",
  ];
  const config = parseConfig({ server: { websocket: { allowed_origins } } });
  assert.deepEqual(config.server.websocket.allowed_origins, allowed_origins);
  for (
    const origin of [
      "a.example",
      "https://",
      "https://a.example/",
      "https://a.example/path",
      "https://u@a.example",
      "https://a.*.example",
      "https://*",
      "*.example",
      "https://a.example https://b.example",
    ]
  ) {
    const input = { server: { websocket: { allowed_origins: [origin] } } };
    assert.equal(refused(input).length, 1, origin);
  }
});

test("resolveSettings() takes an API key plain or hashed, and no broken hash", () => {
  const hash = "0123456789abcdef".repeat(4);
  for (const api_key of ["", "k", "sha25:x", `sha256:${hash}`]) {
    assert.equal(parseConfig({ auth: { api_key } }).auth.api_key, api_key);
  }
  const wrong = [
    "sha256:",
    `sha256:${hash}0`,
    `SHA256:${hash.slice(1)}`,
    "a b",
    "é",
  ];
  for (const api_key of wrong) {
    assert.deepEqual(refused({ auth: { api_key } }), [
      "Cannot use auth.api_key: must be empty, up to 512 visible ASCII characters without spaces, or `sha256:` and 64 hex digits: current value is hidden",
    ]);
  }
});

test("resolveSettings() refuses a list that is too long", () => {
  const handlers = Array.from({ length: 1_001 }, () => "./a.ts");
  assert.deepEqual(refused({ handlers }), [
    "Cannot use handlers: must be a list of at most 1000, each a path such as `./my_handlers.ts`: current value is a list",
  ]);
});
