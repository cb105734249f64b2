import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "../../../src/config/load_config.ts";
import { ConfigError } from "../../../src/config/problem.ts";
import { parseConfig } from "../../../src/config/resolve.ts";
import { load, problemsOf } from "../../fakes/load_yaml.ts";

function neverRead(): Promise<string> {
  assert.fail("Cannot read a file: none was named");
}

test("loadConfig() without file and environment is the defaults", async () => {
  const config = await loadConfig({ env: {}, readTextFile: neverRead });
  assert.deepEqual(config, parseConfig());
  assert.equal(config.server.host, "127.0.0.1");
  assert.equal(config.server.port, 8080);
  assert.equal(config.server.websocket.idle_timeout, 60_000);
  assert.equal(config.server.websocket.queue_bytes, 1_048_576);
});

test("loadConfig() prefers the environment to the file, the file to the default", async () => {
  const yaml = `
server:
  port: 9000
  host: 10.0.0.1
`;
  const { server } = await load(yaml, { HUBBUB_SERVER_PORT: "9100" });
  assert.equal(server.port, 9100);
  assert.equal(server.host, "10.0.0.1");
  assert.equal(server.websocket.path, "/ws");
});

test("loadConfig() replaces a list of the file whole", async () => {
  const yaml = "handlers: [./a.ts, ./b.ts]";
  const config = await load(yaml, { HUBBUB_HANDLERS: "./c.ts" });
  assert.deepEqual(config.handlers, ["./c.ts"]);
});

test("loadConfig() reads empty files, and blocks whose keys are commented out", async () => {
  const yaml = `
server:
  # port: 9000
rooms:
  defaults:
  namespaces:
`;
  assert.deepEqual(await load(yaml), parseConfig());
  assert.deepEqual(await load(""), parseConfig());
  assert.deepEqual(await load("# nothing\n---\n"), parseConfig());
});

test("loadConfig() reads a ${…} as its key's type", async () => {
  const yaml = `
server:
  port: \${PORT:8080}
  websocket:
    compression: \${DEFLATE:false}
    idle_timeout: "\${IDLE_S}s"
    allowed_origins: \${ORIGINS}
auth:
  api_key: \${KEY}
rooms:
  namespaces:
    chat:
      max_clients: \${MAX:5}
handlers:
  - \${FOLDER}/a.ts
`;
  const config = await load(yaml, {
    DEFLATE: "true",
    IDLE_S: "90",
    ORIGINS: "https://a.example, https://b.example",
    // A number by its looks, and yet a text by its key.
    KEY: "12345678",
    FOLDER: "./mine",
  });
  assert.equal(config.server.port, 8080);
  assert.equal(config.server.websocket.compression, true);
  assert.equal(config.server.websocket.idle_timeout, 90_000);
  assert.deepEqual(config.server.websocket.allowed_origins, [
    "https://a.example",
    "https://b.example",
  ]);
  assert.equal(config.auth.api_key, "12345678");
  assert.equal(config.rooms.namespaces["chat"]?.max_clients, 5);
  assert.deepEqual(config.handlers, ["./mine/a.ts"]);
});

test("loadConfig() lets the environment write no YAML into the file", async () => {
  const config = await load("auth:\n  api_key: ${KEY}", {
    KEY: "a#b,[c]:&d*e!f",
  });
  assert.equal(config.auth.api_key, "a#b,[c]:&d*e!f");
});

test("loadConfig() refuses a ${…} that is not set", async () => {
  assert.deepEqual(await problemsOf("server:\n  port: ${PORT}\n  host: ${"), [
    "Cannot use server.port: needs the environment variable PORT, which is not set, or ${PORT:default} (line 2)",
    "Cannot use server.host: needs ${NAME} or ${NAME:default}, or $${ for a plain ${ (line 3)",
  ]);
});

test("loadConfig() names the item whose ${…} is not set", async () => {
  assert.deepEqual(await problemsOf('handlers: [./a.ts, "${DIR}/b.ts", *x]'), [
    "Cannot use handlers[1]: needs the environment variable DIR, which is not set, or ${DIR:default} (line 1)",
    "Cannot use handlers[2]: needs an anchor for its alias (line 1)",
  ]);
});

test("loadConfig() reads a file with a byte order mark and CRLF", async () => {
  const config = await load("\ufeffserver:\r\n  port: 9000\r\nlog:\r\n");
  assert.equal(config.server.port, 9_000);
});

test("loadConfig() says what it cannot read, with its cause", async () => {
  const cause = new Error("No such file\n(os error 2)");
  const error: unknown = await loadConfig({
    configPath: "missing.yaml",
    env: {},
    readTextFile: () => Promise.reject(cause),
  }).catch((error: unknown) => error);
  assert.ok(error instanceof ConfigError);
  assert.deepEqual(error.problems, [
    "Cannot read missing.yaml: No such file (os error 2)",
  ]);
  assert.equal(error.cause, cause);
});

test("loadConfig() tells every problem of file and environment at once", async () => {
  const yaml = `
server:
  port: http
  prot: 1
limits:
  rooms: -1
  message_burst: 5
`;
  assert.deepEqual(
    await problemsOf(yaml, {
      HUBBUB_LOG_LEVEL: "loud",
      HUBBUB_SERVER_PROT: "1",
    }),
    [
      "Cannot use server.prot: unknown key, did you mean server.port: current value is 1 (line 4)",
      "Cannot use HUBBUB_SERVER_PROT: unknown variable, did you mean HUBBUB_SERVER_PORT",
      'Cannot use server.port: must be 0 to 65535: current value is "http" (line 3)',
      "Cannot use limits.rooms: must be 0 to 1000000000: current value is -1 (line 6)",
      'Cannot use log.level: must be debug, info, warn or error: current value is "loud" (HUBBUB_LOG_LEVEL)',
      "Cannot use limits.message_burst: must be 0 where limits.messages_per_second is 0: current value is 5 (line 7)",
    ],
  );
});

test("loadConfig() freezes the configuration to its last leaf", async () => {
  const config = await load(
    "rooms: { namespaces: { chat: {} , a: {echo: true}} }",
  );
  const seen: unknown[] = [];
  function visit(value: unknown) {
    if (typeof value !== "object" || value === null) return;
    seen.push(value);
    assert.ok(Object.isFrozen(value), JSON.stringify(value));
    Object.values(value).forEach(visit);
  }
  visit(config);
  assert.ok(seen.length > 12, `${seen.length}`);
});
