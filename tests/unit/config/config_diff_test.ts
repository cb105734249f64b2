import assert from "node:assert/strict";
import { test } from "node:test";
import {
  diffConfig,
  keepRestartKeys,
} from "../../../src/config/config_diff.ts";
import { parseConfig } from "../../../src/config/resolve.ts";

test("diffConfig() finds nothing between equals", () => {
  assert.deepEqual(diffConfig(parseConfig(), parseConfig()), {
    live: [],
    needsRestart: [],
  });
});

test("diffConfig() parts the keys by what they take", () => {
  const changed = parseConfig({
    node: { id: "n" },
    handlers: ["./a.ts"],
    auth: { api_key: "k", anonymous_permissions: [] },
    limits: { rooms: 1 },
  });
  const diff = {
    live: ["auth.anonymous_permissions", "limits.rooms"],
    needsRestart: ["node.id", "handlers", "auth.api_key"],
  };
  assert.deepEqual(diffConfig(parseConfig(), changed), diff);
  assert.deepEqual(diffConfig(changed, parseConfig()), diff);
});

test("keepRestartKeys() mixes two configurations key by key", () => {
  const running = parseConfig({ node: { id: "old" }, log: { level: "info" } });
  const candidate = parseConfig({
    node: { id: "new" },
    log: { level: "debug", format: "json" },
    rooms: { namespaces: { chat: { echo: true } } },
  });
  const mixed = keepRestartKeys(running, candidate);
  assert.deepEqual(
    mixed,
    {
      ...parseConfig(),
      node: { id: "old" },
      log: { level: "debug", format: "auto" },
      rooms: candidate.rooms,
    },
  );
  assert.ok(Object.isFrozen(mixed.log));
  assert.equal(Object.getPrototypeOf(mixed.rooms.namespaces), null);
});
