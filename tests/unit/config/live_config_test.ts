import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../../../src/config/schema.ts";
import { liveOver } from "../../fakes/live_file.ts";

test("LiveConfig.reload() puts live keys into effect and names them", async () => {
  const { file, live, logger } = await liveOver("log: { level: info }");
  const seen: Config[] = [];
  live.onChange((config) => {
    assert.equal(live.current, config);
    seen.push(config);
  });
  file.text = `
log: { level: debug }
server: { websocket: { idle_timeout: 90s } }
rooms: { namespaces: { chat: { echo: true }, "a.b": {} } }
`;
  assert.deepEqual(await live.reload(), {
    type: "applied",
    changed: [
      "server.websocket.idle_timeout",
      "rooms.namespaces.chat",
      "log.level",
    ],
    needsRestart: [],
  });
  assert.equal(seen.length, 1);
  assert.equal(live.current, seen[0]);
  assert.equal(live.current.log.level, "debug");
  assert.equal(live.current.server.websocket.idle_timeout, 90_000);
  assert.equal(live.current.rooms.namespaces["chat"]?.echo, true);
  assert.ok(Object.isFrozen(live.current.server.websocket));
  assert.deepEqual(logger.lines, [{
    level: "info",
    fields: {
      keys: [
        "server.websocket.idle_timeout",
        "rooms.namespaces.chat",
        "log.level",
      ],
    },
    text: "configuration reloaded",
  }]);
});

test("LiveConfig.reload() takes a namespace away, and follows its defaults", async () => {
  const { file, live } = await liveOver(
    "rooms: { namespaces: { chat: { echo: true }, game: { echo: false } } }",
  );
  file.text =
    "rooms: { defaults: { max_clients: 3 }, namespaces: { game: { echo: false } } }";
  assert.deepEqual(await live.reload(), {
    type: "applied",
    changed: [
      "rooms.defaults.max_clients",
      "rooms.namespaces.chat",
      "rooms.namespaces.game",
    ],
    needsRestart: [],
  });
  assert.equal(live.current.rooms.namespaces["chat"], undefined);
  assert.equal(live.current.rooms.namespaces["game"]?.max_clients, 3);
  assert.equal(live.current.rooms.namespaces["constructor"], undefined);
});

test("LiveConfig.reload() keeps keys that need a restart, and names them each time", async () => {
  const { file, live, logger } = await liveOver("server: { port: 8080 }");
  let calls = 0;
  live.onChange(() => calls += 1);
  file.text =
    "server: { port: 9000 }\nmetrics: { path: /m }\nlog: { level: warn }";
  assert.deepEqual(await live.reload(), {
    type: "applied",
    changed: ["log.level"],
    needsRestart: ["server.port", "metrics.path"],
  });
  assert.equal(live.current.server.port, 8_080);
  assert.equal(live.current.metrics.path, "/metrics");
  assert.equal(live.current.log.level, "warn");
  const waiting = {
    type: "unchanged",
    needsRestart: ["server.port", "metrics.path"],
  };
  assert.deepEqual(await live.reload(), waiting);
  assert.deepEqual(logger.of("warn"), [
    {
      level: "warn",
      fields: { keys: ["server.port", "metrics.path"] },
      text: "configuration keys need a restart",
    },
    {
      level: "warn",
      fields: { keys: ["server.port", "metrics.path"] },
      text: "configuration keys need a restart",
    },
  ]);
  assert.equal(calls, 1);
});

test("LiveConfig.reload() asks for no restart once the key is back", async () => {
  const { file, live } = await liveOver("server: { port: 8080 }");
  file.text = "server: { port: 9000 }";
  await live.reload();
  file.text = "";
  assert.deepEqual(await live.reload(), {
    type: "unchanged",
    needsRestart: [],
  });
});

test("LiveConfig.reload() is unchanged by the order and the spelling of a file", async () => {
  const { file, live } = await liveOver(
    "rooms: { namespaces: { a: { echo: true, presence: false }, b: {echo: true} } }\nhandler_timeout: 60s",
  );
  const before = live.current;
  file.text =
    "handler_timeout: 1m\nrooms: { namespaces: { b: { echo: true }, a: { presence: false, echo: true } } }";
  assert.deepEqual(await live.reload(), {
    type: "unchanged",
    needsRestart: [],
  });
  assert.equal(live.current, before);
});

test("LiveConfig.reload() changes nothing where anything is wrong", async () => {
  const { file, live, logger } = await liveOver("");
  const before = live.current;
  live.onChange(() => assert.fail("told of a refused configuration"));
  file.text = "log: { level: debug }\nlimits: { rooms: many }\n";
  const problems = [
    'Cannot use limits.rooms: must be 0 to 1000000000: current value is "many" (line 2)',
  ];
  assert.deepEqual(await live.reload(), { type: "refused", problems });
  assert.equal(live.current, before);
  assert.deepEqual(logger.lines, [
    { level: "error", fields: { problems }, text: "configuration refused" },
  ]);
  file.text = "server: {";
  assert.equal((await live.reload()).type, "refused");
  assert.equal(live.current, before);
});

test("LiveConfig.reload() refuses what fits only with a key that waits for a restart", async () => {
  const { file, live } = await liveOver(
    "server: { websocket: { duplicate_client_id: replace } }",
  );
  file.text = "limits: { connections_per_client: 3 }";
  assert.deepEqual(await live.reload(), {
    type: "refused",
    problems: [
      "Cannot use limits.connections_per_client: must be 0 or 1 where server.websocket.duplicate_client_id is replace: current value is 3",
      "Cannot use the new server.websocket.duplicate_client_id: it needs a restart",
    ],
  });
  assert.equal(live.current.limits.connections_per_client, 0);
});

test("LiveConfig.reload() brings every listener back where one fails", async () => {
  const { file, live, logger } = await liveOver("");
  const before = live.current;
  const calls: string[] = [];
  const error = new Error("disk full");
  live.onChange((config) => calls.push(`first ${config.log.level}`));
  live.onChange((config) => {
    calls.push(`second ${config.log.level}`);
    if (config !== before) throw error;
  });
  live.onChange((config) => calls.push(`third ${config.log.level}`));
  file.text = "log: { level: debug }";
  const problems = [
    "Cannot apply the configuration: it failed unexpectedly, see the log",
  ];
  assert.deepEqual(await live.reload(), { type: "refused", problems });
  assert.deepEqual(calls, [
    "first debug",
    "second debug",
    "second info",
    "first info",
  ]);
  assert.equal(live.current, before);
  assert.deepEqual(logger.lines, [{
    level: "error",
    fields: { problems, err: error },
    text: "configuration refused",
  }]);
});

test("LiveConfig.reload() brings back the others where a listener fails twice", async () => {
  const { file, live, logger } = await liveOver("");
  const levels: string[] = [];
  live.onChange((config) => levels.push(config.log.level));
  live.onChange(() => {
    throw new Error("always");
  });
  file.text = "log: { level: debug }";
  assert.equal((await live.reload()).type, "refused");
  assert.deepEqual(levels, ["debug", "info"]);
  assert.deepEqual(logger.lines.map(({ text }) => text), [
    "configuration not restored",
    "configuration refused",
  ]);
});

test("LiveConfig.reload() works again after it was refused", async () => {
  const { file, live } = await liveOver("");
  let isBroken = true;
  live.onChange(() => {
    if (isBroken) throw new Error("broken");
  });
  file.text = "log: { level: debug }";
  assert.equal((await live.reload()).type, "refused");
  isBroken = false;
  assert.equal((await live.reload()).type, "applied");
  assert.equal(live.current.log.level, "debug");
});
