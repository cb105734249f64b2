import assert from "node:assert/strict";
import { test } from "node:test";
import { CONFIG_TREE, listKeys } from "../../../src/config/key_tree.ts";
import { formatPath } from "../../../src/config/problem.ts";

const KEYS = listKeys(CONFIG_TREE);

function pathsWhere(holds: (key: typeof KEYS[number]) => boolean): string[] {
  return KEYS.filter(holds).map(({ path }) => path.join("."));
}

test("listKeys() names what needs a restart", () => {
  assert.deepEqual(pathsWhere(({ isLive }) => !isLive), [
    "node.id",
    "server.host",
    "server.port",
    "server.websocket.path",
    "server.websocket.transport",
    "server.websocket.compression",
    "server.websocket.duplicate_client_id",
    "handlers",
    "auth.api_key",
    "log.format",
    "metrics.enabled",
    "metrics.path",
  ]);
});

test("listKeys() names the secrets", () => {
  assert.deepEqual(pathsWhere(({ isSecret }) => isSecret), ["auth.api_key"]);
});

test("listKeys() gives a variable to every key but those below free names", () => {
  for (const { path, environment } of KEYS) {
    assert.equal(
      environment === undefined,
      path.includes("*"),
      formatPath(path),
    );
  }
  const names = KEYS.flatMap(({ environment }) => environment ?? []);
  assert.equal(new Set(names).size, names.length);
});

test("listKeys() has the same keys for a namespace as for the defaults", () => {
  const below = (start: string) =>
    KEYS.filter(({ path }) => path.join(".").startsWith(start))
      .map(({ path, environment: _, ...key }) => ({
        ...key,
        path: path.at(-1),
      }));
  assert.deepEqual(below("rooms.namespaces.*."), below("rooms.defaults."));
  assert.equal(below("rooms.defaults.").length, 6);
});

test("listKeys() has a description of one line for every key", () => {
  for (const { path, description } of KEYS) {
    assert.match(description, /^[A-Z][^\n|]+\.$/, formatPath(path));
  }
});
