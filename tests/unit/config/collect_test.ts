import assert from "node:assert/strict";
import { test } from "node:test";
import { load, problemsOf } from "../../fakes/load_yaml.ts";

test("collectSettings() names unknown keys and what was meant", async () => {
  assert.deepEqual(
    await problemsOf(`
serverr: {}
server:
  websocket:
    ping_intervall: 10s
  max_connections: 5
cluster: { enabled: true }
tls: \${UNSET}
rooms:
  namespaces:
    chat: { mode: durable, max_client: 3 }
`),
    [
      "Cannot use serverr: unknown key, did you mean server: current value is a mapping (line 2)",
      'Cannot use server.websocket.ping_intervall: unknown key, did you mean server.websocket.ping_interval: current value is "10s" (line 5)',
      "Cannot use server.max_connections: unknown key, did you mean server.websocket.max_connections: current value is 5 (line 6)",
      "Cannot use cluster: unknown key: current value is a mapping (line 7)",
      "Cannot use tls: unknown key (line 8)",
      'Cannot use rooms.namespaces.chat.mode: unknown key: current value is "durable" (line 11)',
      "Cannot use rooms.namespaces.chat.max_client: unknown key, did you mean rooms.namespaces.chat.max_clients: current value is 3 (line 11)",
    ],
  );
});

test("collectSettings() takes no key from an object's prototype", async () => {
  const yaml = `
__proto__: { polluted: true }
constructor: { prototype: { polluted: true } }
server:
  __proto__: { port: 1 }
  toString: 1
rooms:
  defaults: { __proto__: { echo: true } }
  namespaces:
    __proto__: { echo: true }
`;
  assert.deepEqual(await problemsOf(yaml), [
    "Cannot use __proto__: unknown key: current value is a mapping (line 2)",
    "Cannot use constructor: unknown key: current value is a mapping (line 3)",
    "Cannot use server.__proto__: unknown key: current value is a mapping (line 5)",
    "Cannot use server.toString: unknown key: current value is 1 (line 6)",
    "Cannot use rooms.defaults.__proto__: unknown key: current value is a mapping (line 8)",
    "Cannot use rooms.namespaces.__proto__: its name must be 1 to 64 of `A-Z a-z 0-9 _ . -`, and not `__proto__` (line 10)",
  ]);
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

test("collectSettings() takes a namespace called like an object's own things", async () => {
  const { rooms: { namespaces } } = await load(`
rooms:
  namespaces:
    constructor: { echo: true }
    toString: { max_clients: 3 }
`);
  assert.equal(namespaces["constructor"]?.echo, true);
  assert.equal(namespaces["toString"]?.max_clients, 3);
  assert.equal(namespaces["hasOwnProperty"], undefined);
  assert.equal(namespaces["__proto__"], undefined);
});

test("collectSettings() refuses a namespace that no room id could have", async () => {
  const long = "n".repeat(65);
  const names = ["a:b", "a b", "", "é", long, "a\\nb"];
  const yaml = [
    "rooms:",
    "  namespaces:",
    ...names.map((name) => `    "${name}": {}`),
  ].join("\n");
  const shown = ['"a:b"', '"a b"', '""', '"é"', `"${long}"`, '"a\\nb"'];
  assert.deepEqual(
    await problemsOf(yaml),
    shown.map((name, index) =>
      `Cannot use rooms.namespaces.${name}: its name must be 1 to 64 of \`A-Z a-z 0-9 _ . -\`, and not \`__proto__\` (line ${
        index + 3
      })`
    ),
  );
});

test("collectSettings() takes numbers as names of namespaces", async () => {
  const { rooms } = await load(
    "rooms: { namespaces: { 007: { echo: true } } }",
  );
  assert.equal(rooms.namespaces["007"]?.echo, true);
});

test("collectSettings() refuses anything but a mapping for a block", async () => {
  assert.deepEqual(
    await problemsOf(
      "server: 5\nlog: [a]\nmetrics: on\nrooms:\n  namespaces: { chat: yes }\n",
    ),
    [
      "Cannot use server: must be a mapping of keys: current value is 5 (line 1)",
      "Cannot use log: must be a mapping of keys: current value is a list (line 2)",
      'Cannot use metrics: must be a mapping of keys: current value is "on" (line 3)',
      'Cannot use rooms.namespaces.chat: must be a mapping of keys: current value is "yes" (line 5)',
    ],
  );
  assert.deepEqual(await problemsOf("[1, 2]"), [
    "Cannot use the configuration: must be a mapping of keys: current value is hidden",
  ]);
});

test("collectSettings() hides what may be a secret beside its key", async () => {
  const yaml = `
auth:
  api_kye: s3cret
  anything: s3cret
api_key: s3cret
password: s3cret
server:
  tokens: s3cret
`;
  const problems = await problemsOf(yaml);
  assert.equal(problems.length, 5);
  assert.doesNotMatch(problems.join(), /s3cret/);
  assert.equal(
    problems[2],
    "Cannot use api_key: unknown key, did you mean auth.api_key: current value is hidden (line 5)",
  );
  const misplaced = [
    "auth: s3cret",
    "url: ${S}",
    "server: ${S}",
    "x: { y: s3cret }",
    "x: [s3cret]",
  ];
  for (const text of misplaced) {
    const lines = await problemsOf(text, { S: "s3cret" });
    assert.doesNotMatch(lines.join(), /s3cret/);
  }
});
