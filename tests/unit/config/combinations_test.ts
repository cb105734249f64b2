import assert from "node:assert/strict";
import { test } from "node:test";
import { COMBINATIONS, OWN_PATHS } from "../../../src/config/combinations.ts";
import { CONFIG_TREE, listKeys } from "../../../src/config/key_tree.ts";
import { formatPath } from "../../../src/config/problem.ts";
import { load, problemsOf } from "../../fakes/load_yaml.ts";
import { TestApi } from "../../fakes/test_api.ts";

test("COMBINATIONS looks at keys that exist", () => {
  const known = new Set(
    listKeys(CONFIG_TREE).map(({ path }) => formatPath(path)),
  );
  for (const { keys } of COMBINATIONS) {
    assert.ok(keys.length > 0);
    for (const key of keys) assert.ok(known.has(key), key);
  }
});

test("OWN_PATHS holds every path the HTTP API answers under", () => {
  const { app } = new TestApi({
    metricsPath: "/metrics",
    websocketPath: "/ws",
  });
  const paths = new Set(app.routes.map(({ path }) => path));
  for (const configured of ["/metrics", "/ws", "/", "/*"]) {
    assert.ok(paths.delete(configured), configured);
  }
  const free = [...paths].filter((path) =>
    !OWN_PATHS.some((own) => path === own || path.startsWith(`${own}/`))
  );
  assert.deepEqual(free, []);
  assert.ok(paths.size > 10);
});

/** Files that are refused for one reason alone, and that reason. */
const REFUSED: readonly (readonly [string, string])[] = [
  [
    "server: { websocket: { ping_interval: 60s } }",
    'server.websocket.ping_interval: must be shorter than server.websocket.idle_timeout, which is 1m: current value is "60s" (line 1)',
  ],
  [
    "server: { websocket: { idle_timeout: 25s } }",
    'server.websocket.ping_interval: must be shorter than server.websocket.idle_timeout, which is 25s: current value is "25s"',
  ],
  [
    "server: { websocket: { queue_bytes: 127KiB } }",
    'server.websocket.queue_bytes: must be at least twice server.websocket.max_message_bytes, which is 64KiB: current value is "127KiB" (line 1)',
  ],
  [
    'server: { websocket: { allowed_origins: ["*", "https://a.example"] } }',
    "server.websocket.allowed_origins: must be either `*` alone or origins without it: current value is a list (line 1)",
  ],
  [
    "server: { websocket: { path: /api/ws } }",
    'server.websocket.path: must be a path that is free, and /api is not: current value is "/api/ws" (line 1)',
  ],
  [
    "metrics: { path: /health }",
    'metrics.path: must be a path that is free, and /health is not: current value is "/health" (line 1)',
  ],
  [
    "metrics: { path: / }",
    'metrics.path: must be a path that is free, and / is not: current value is "/" (line 1)',
  ],
  [
    "metrics: { path: /ws }",
    'metrics.path: must differ from server.websocket.path: current value is "/ws" (line 1)',
  ],
  [
    "limits: { message_burst: 5 }",
    "limits.message_burst: must be 0 where limits.messages_per_second is 0: current value is 5 (line 1)",
  ],
  [
    "limits: { connections_per_client: 2 }\nserver: { websocket: { duplicate_client_id: reject } }",
    "limits.connections_per_client: must be 0 or 1 where server.websocket.duplicate_client_id is reject: current value is 2 (line 1)",
  ],
];

for (const [yaml, problem] of REFUSED) {
  test(`COMBINATIONS refuses ${yaml.replaceAll("\n", "; ")}`, async () => {
    assert.deepEqual(await problemsOf(yaml), [`Cannot use ${problem}`]);
  });
}

test("COMBINATIONS takes what is just right", async () => {
  const right = [
    "server: { websocket: { ping_interval: 59999ms } }",
    "server: { websocket: { queue_bytes: 128KiB } }",
    "server: { websocket: { path: / } }",
    "server: { websocket: { path: /apiary } }",
    "metrics: { enabled: false, path: /ws }",
    "metrics: { enabled: false, path: /health }",
    "limits: { message_burst: 5, messages_per_second: 1 }",
    "limits: { connections_per_client: 2 }",
    "limits: { connections_per_client: 1 }\nserver: { websocket: { duplicate_client_id: replace } }",
  ];
  for (const yaml of right) await load(yaml);
});

test("COMBINATIONS says nothing of keys that are wrong by themselves", async () => {
  assert.deepEqual(
    await problemsOf(
      "server: { websocket: { ping_interval: 2h, idle_timeout: 25s } }",
    ),
    [
      'Cannot use server.websocket.ping_interval: must be a duration from 50ms to 1h, such as 250ms, 30s or 5m: current value is "2h" (line 1)',
    ],
  );
});
