import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { z } from "zod";
import { parse } from "yaml";
import { CONFIG_TREE, listKeys } from "../../../src/config/key_tree.ts";
import { formatPath } from "../../../src/config/problem.ts";
import { parseConfig } from "../../../src/config/resolve.ts";
import { renderAll, staleFiles } from "../../../tools/generate_config_docs.ts";
import { ROOT } from "../../../tools/project.ts";
import { load } from "../../fakes/load_yaml.ts";

function read(path: string): string {
  return readFileSync(ROOT + path, "utf8");
}

test("staleFiles() finds the generated files in step with the schema", () => {
  assert.deepEqual(staleFiles(ROOT), []);
});

test("staleFiles() finds what is missing and what was changed", () => {
  const root = mkdtempSync(join(tmpdir(), "hubbub-")) + "/";
  try {
    assert.deepEqual(staleFiles(root), [...renderAll().keys()]);
    for (const [path, text] of renderAll()) {
      mkdirSync(join(root, path, ".."), { recursive: true });
      writeFileSync(root + path, text);
    }
    assert.deepEqual(staleFiles(root), []);
    writeFileSync(`${root}configs/default.yaml`, "");
    assert.deepEqual(staleFiles(root), ["configs/default.yaml"]);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test("configs/default.yaml has every key, and is the defaults", async () => {
  const text = read("configs/default.yaml");
  assert.deepEqual(await load(text), parseConfig());
  for (const { path, description } of listKeys(CONFIG_TREE)) {
    if (path.includes("*")) continue;
    assert.match(text, new RegExp(`^ *${path.at(-1)}:`, "m"));
    assert.ok(text.includes(`# ${description}`), description);
  }
});

test("configs/development.yaml is a configuration", async () => {
  const { log } = await load(read("configs/development.yaml"));
  assert.deepEqual(log, { level: "debug", format: "pretty" });
});

test("docs/configuration.md has a row for every key", () => {
  const text = read("docs/configuration.md");
  for (const { path, environment, isLive } of listKeys(CONFIG_TREE)) {
    if (environment === undefined) continue;
    const row = text.split("\n").find((line) =>
      line.startsWith(`| \`${formatPath(path)}\` `)
    );
    assert.ok(row?.includes(`| \`${environment}\` `), formatPath(path));
    assert.equal(row?.includes("| ♻ |"), isLive, formatPath(path));
  }
});

test("configs/schema.json takes what the hub takes, and refuses what it refuses", () => {
  const schema = z.fromJSONSchema(JSON.parse(read("configs/schema.json")));
  const right = [
    "{}",
    "server:",
    "server: { port: 0, websocket: { idle_timeout: 1.5m, allowed_origins: [] } }",
    "server: { port: '${PORT:8080}', websocket: { compression: '${X}' } }",
    "handlers: ['${DIR}/a.ts', ./b.ts]",
    "rooms: { namespaces: { chat: { max_clients: 5 }, game: } }",
  ];
  const wrong = [
    "sever: {}",
    "server: 5",
    "server: { port: http }",
    "server: { port: 65536 }",
    "server: { websocket: { idle_timeout: 60 } }",
    "server: { websocket: { transport: quic } }",
    "handlers: ./a.ts",
    "rooms: { namespaces: { 'a:b': {} } }",
    "rooms: { namespaces: { chat: { mode: durable } } }",
  ];
  assert.ok(schema.safeParse(parse(read("configs/default.yaml"))).success);
  for (const yaml of right) {
    assert.ok(schema.safeParse(parse(yaml)).success, yaml);
  }
  for (const yaml of wrong) {
    assert.ok(!schema.safeParse(parse(yaml)).success, yaml);
  }
});
