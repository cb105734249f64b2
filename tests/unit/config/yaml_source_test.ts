import assert from "node:assert/strict";
import { test } from "node:test";
import { load, problemsOf } from "../../fakes/load_yaml.ts";

test("yamlSource() tells line and column of the first syntax error", async () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      "server:\n  port: 80: 90\n",
      "nested mappings are not allowed in compact mappings (line 2, column 9)",
    ],
    [
      "server:\n\tport: 80\n",
      "tabs are not allowed as indentation (line 2, column 1)",
    ],
    [
      "server: {port: 80\nlog: {}\n",
      "flow map in block collection must be sufficiently indented and end with a } (line 2, column 1)",
    ],
    ["a: 1\n---\nb: 2\n", "more than one document (line 2, column 1)"],
    [
      "node: !custom {}\n",
      "unknown tag; a value that begins with ! needs quotes (line 1, column 7)",
    ],
    [
      "rooms: { defaults: { max_clients: ${MAX:5} } }\n",
      "unexpected text; a value with special characters needs quotes (line 1, column 36)",
    ],
  ];
  for (const [yaml, reason] of cases) {
    const problems = await problemsOf(yaml);
    assert.equal(problems.length, 1, yaml);
    assert.equal(problems[0], `Cannot read hubbub.yaml: ${reason}`);
  }
});

test("yamlSource() repeats nothing of the file in a syntax error", async () => {
  const broken = [
    'auth:\n  api_key: "s3cret\n',
    "auth:\n  api_key: 's3cret' s3cret\n",
    "auth:\n  api_key: @s3cret\n",
    "auth:\n  api_key: !s3cret x\n",
    'auth:\n  api_key: "\\s3cret"\n',
    'auth:\n  api_key: "\\xs3cret"\n',
    "auth:\n  api_key: s3cret: x\n",
    "auth:\n  api_key: |s3cret\n",
    "auth:\n  api_key: *s3cret\n",
    "auth:\n  api_key: &s3cret *s3cret\n",
    "auth:\n  api_key: [s3cret, }\n",
    "auth: { api_key: s3cret ]\n",
    "auth:\n  api_key:s3cret\n  x: 1\n",
    "auth:\n  api_key:s3cret\n",
    "%s3cret s3cret\n---\na: 1\n",
    "api_key=s3cret\n",
    "- s3cret\n",
  ];
  for (const yaml of broken) {
    const problems = await problemsOf(yaml);
    assert.ok(problems.length > 0, yaml);
    assert.doesNotMatch(JSON.stringify(problems), /s3cre/, yaml);
  }
});

test("yamlSource() refuses keys given twice, however they are written", async () => {
  assert.deepEqual(
    await problemsOf(
      "server:\n  port: 1\n  'port': 2\nlog:\nlog:\n  level: info\n",
    ),
    [
      "Cannot use server.port: must be given once, and is at line 2 too (line 3)",
      "Cannot use log: must be given once, and is at line 4 too (line 5)",
    ],
  );
});

test("yamlSource() refuses a merge key and keys that are no text", async () => {
  assert.deepEqual(
    await problemsOf("<<: { port: 1 }\n? [a, b]\n: 1\n? {a: b}\n: s3cret\n"),
    [
      'Cannot use "<<": unknown key: current value is a mapping (line 1)',
      'Cannot use "a mapping or a list": unknown key: current value is 1 (line 2)',
      'Cannot use "a mapping or a list": must be given once, and is at line 2 too (line 4)',
    ],
  );
});

test("yamlSource() follows aliases", async () => {
  const config = await load(`
rooms:
  defaults: &room { max_clients: 5, empty_ttl: &ttl 1s }
  namespaces:
    chat: *room
    game: { empty_ttl: *ttl }
`);
  assert.equal(config.rooms.namespaces["chat"]?.max_clients, 5);
  assert.equal(config.rooms.namespaces["game"]?.empty_ttl, 1_000);
});

test("yamlSource() refuses an alias without its anchor", async () => {
  assert.deepEqual(await problemsOf("server:\n  port: *nowhere\n"), [
    "Cannot use server.port: needs an anchor for its alias (line 2)",
  ]);
});

test("yamlSource() opens no more of an alias bomb than the schema has keys", async () => {
  const levels = Array.from(
    { length: 60 },
    (_, level) => `l${level + 1}: &l${level + 1} [*l${level}, *l${level}]`,
  );
  const yaml = ["l0: &l0 x", ...levels, "handlers: *l60"].join("\n");
  const problems = await problemsOf(yaml);
  // 61 unknown keys, and the handlers whose items are lists.
  assert.equal(problems.length, 62);
  assert.match(problems.at(-1) ?? "", /^Cannot use handlers\[0\]: must be /);
});

test("yamlSource() follows a cycle no further than the schema goes", async () => {
  assert.deepEqual(await problemsOf("rooms: &r\n  defaults: *r\n"), [
    "Cannot use rooms.defaults.defaults: unknown key: current value is a mapping (line 2)",
  ]);
});

test("yamlSource() takes the last anchor before an alias", async () => {
  const config = await load(`
limits: { rooms: &n 1, invalid_per_minute: *n }
server: { port: &n 2 }
metrics: { enabled: true }
rooms: { defaults: { max_clients: *n } }
`);
  assert.equal(config.limits.invalid_per_minute, 1);
  assert.equal(config.rooms.defaults.max_clients, 2);
});

test("yamlSource() gives up on a file that opens into a large one", async () => {
  const keys = Array.from({ length: 1_000 }, (_, i) => `x${i}: 1`).join(", ");
  const items = Array.from({ length: 1_000 }, () => "1").join(", ");
  for (const value of [`{ ${keys} }`, `{ max_clients: [${items}] }`]) {
    const names = Array.from({ length: 12 }, (_, i) => `    n${i}: *room`);
    const yaml = [
      "rooms:",
      `  defaults: &room ${value}`,
      "  namespaces:",
      ...names,
    ].join("\n");
    assert.deepEqual(await problemsOf(yaml), [
      "Cannot read hubbub.yaml: more than 10000 keys and items",
    ]);
  }
});

test("yamlSource() bounds depth and size", async () => {
  const deep = ["[".repeat(10_000), "{a: ".repeat(3_000), "- ".repeat(20_000)];
  for (const value of deep) {
    const [problem] = await problemsOf(`handlers:\n  ${value}`);
    assert.match(
      problem ?? "",
      /^Cannot read hubbub\.yaml: .+ \(line 2, column \d+\)$/,
    );
  }
  // As deep as the parser goes, and then nothing is known of the key's items but what they are.
  const nested = `${"[".repeat(400)}1${"]".repeat(400)}`;
  assert.deepEqual(await problemsOf(`handlers: ${nested}`), [
    "Cannot use handlers[0]: must be a path such as `./my_handlers.ts`: current value is a list (line 1)",
  ]);
  assert.deepEqual(await problemsOf(`handlers: [${"1,".repeat(20_000)}]`), [
    "Cannot read hubbub.yaml: more than 10000 keys and items",
  ]);
  assert.deepEqual(await problemsOf("#".repeat(262_145)), [
    "Cannot read hubbub.yaml: larger than 256KiB",
  ]);
});
