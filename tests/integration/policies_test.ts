import assert from "node:assert/strict";
import { test } from "node:test";
import { HubClient } from "../fakes/hub_client.ts";
import { HubProcess } from "../fakes/hub_process.ts";
import { RawWsClient } from "../fakes/raw_ws_client.ts";
import { until } from "../fakes/until.ts";
import {
  assertError,
  assertMessage,
  assertRefused,
  reply,
  SUBPROTOCOL,
} from "./black_box/scene.ts";

const options = { timeout: 60_000 };
const REPLACED = { code: 4504, reason: "replaced by a newer connection" };
const TOO_MANY = { code: 4505, reason: "too many connections" };

test(
  "duplicate_client_id replace closes the older with 4504",
  options,
  async () => {
    await using hub = await HubProcess.start({
      env: { HUBBUB_SERVER_WEBSOCKET_DUPLICATE_CLIENT_ID: "replace" },
    });
    using ann = await HubClient.connect(hub.baseUrl, { clientId: "ann" });
    await reply(ann, "join_room", { room_id: "lobby" });
    let older: HubClient | undefined;
    for (const subprotocol of [undefined, SUBPROTOCOL, undefined]) {
      const clientId = "bob";
      const newer = await HubClient.connect(hub.baseUrl, {
        clientId,
        subprotocol,
      });
      if (older !== undefined) {
        assert.deepEqual(await older.waitForClose(), REPLACED);
        assertMessage(await ann.take("member_left"), {
          type: "member_left",
          data: { room_id: "lobby", client_id: "bob", reason: "replaced" },
        });
        const told = older.inbox.filter((it) =>
          it.message_type === "disconnecting"
        );
        assert.deepEqual(
          told.map((it) => it.data),
          older.subprotocol === SUBPROTOCOL ? [REPLACED] : [],
        );
      }
      await reply(newer, "join_room", { room_id: "lobby" });
      await ann.take("member_joined");
      older = newer;
    }
    older?.[Symbol.dispose]();
  },
);

test(
  "duplicate_client_id reject closes the newer with 4505",
  options,
  async () => {
    await using hub = await HubProcess.start({
      env: { HUBBUB_SERVER_WEBSOCKET_DUPLICATE_CLIENT_ID: "reject" },
    });
    using ann = await HubClient.connect(hub.baseUrl, { clientId: "ann" });
    for (const subprotocol of [undefined, SUBPROTOCOL]) {
      using second = await HubClient.connect(hub.baseUrl, {
        clientId: "ann",
        subprotocol,
      });
      assert.deepEqual(await second.waitForClose(), TOO_MANY);
    }
    await reply(ann, "ping");
    await ann.close();
    using again = await HubClient.connect(hub.baseUrl, { clientId: "ann" });
    await reply(again, "ping");
  },
);

test("limits hold for connections, rooms and messages", options, async () => {
  await using hub = await HubProcess.start({
    config: `
server: { websocket: { max_connections: 4 } }
limits:
  connections_per_client: 2
  rooms: 3
  rooms_per_connection: 2
  messages_per_second: 5
  message_burst: 8
`,
  });
  const connect = () => HubClient.connect(hub.baseUrl, { clientId: "ann" });
  using first = await connect();
  using second = await connect();
  using third = await connect();
  assert.deepEqual(await third.waitForClose(), TOO_MANY);
  const join = (room_id: string) => ({ type: "join_room", data: { room_id } });
  await reply(first, "join_room", { room_id: "a" });
  await reply(first, "join_room", { room_id: "b" });
  assert.deepEqual(await assertRefused(first, "TOO_MANY", join("a2")), {
    rooms_per_connection: 2,
  });
  await reply(second, "join_room", { room_id: "c" });
  assert.deepEqual(await assertRefused(second, "TOO_MANY", join("d")), {
    max_rooms: 3,
  });

  using busy = await HubClient.connect(hub.baseUrl, { clientId: "busy" });
  for (let i = 0; i < 8; i++) await reply(busy, "ping");
  for (let i = 0; i < 40; i++) busy.send("ping");
  // Some of the forty may be in time for what has flowed in meanwhile; the allowance is spent all the same.
  assertError(await busy.take("error"), "RATE_LIMITED");
  using idle = await HubClient.connect(hub.baseUrl, { clientId: "idle" });
  await reply(idle, "ping");
  using full = await RawWsClient.connect(hub.port);
  assert.equal(full.answer.status, 503);
});

test(
  "anonymous clients may not broadcast or delete by default",
  options,
  async () => {
    await using hub = await HubProcess.start();
    using ann = await HubClient.connect(hub.baseUrl);
    const cases = [
      ["broadcast", { content: 1 }, "broadcast:message"],
      ["delete_room", { room_id: "lobby" }, "delete:room"],
    ] as const;
    for (const [type, data, permission] of cases) {
      const details = await assertRefused(ann, "FORBIDDEN", { type, data });
      assert.deepEqual(details, { permission });
    }
  },
);

test("api_key opens /api to whoever sends it", options, async () => {
  const key = "open-sesame-0123456789";
  await using hub = await HubProcess.start({
    env: { HUBBUB_AUTH_API_KEY: key, HUBBUB_LOG_LEVEL: "debug" },
  });
  const cases: [headers: Record<string, string>, status: number][] = [
    [{}, 401],
    [{ authorization: "Bearer open-sesame" }, 401],
    [{ authorization: `Bearer ${key}` }, 200],
    [{ "x-api-key": key }, 200],
  ];
  for (const [headers, status] of cases) {
    const answer = await fetch(`${hub.baseUrl}/api/stats`, { headers });
    assert.equal(answer.status, status, JSON.stringify(headers));
    const { code } = Object(await answer.json());
    assert.equal(code, status === 401 ? 2000 : undefined);
  }
  const { status } = Object(await hub.get("/health"));
  assert.equal(status, "ok", "probes need no key");
  // A token has its place in the query of the WebSocket, and none in a log.
  using _client = await HubClient.connect(hub.baseUrl, {
    path: `/ws?token=${key}`,
  });
  await hub.get(`/health/live?token=${key}`);
  await until(() => hub.logged("http request").length >= cases.length + 2);
  assert.ok(!hub.program.output.includes(key), "the log keeps the secret");
});

test("/api without a key answers to this machine alone", options, async () => {
  await using hub = await HubProcess.start();
  const cases: Record<string, string>[] = [
    { "x-forwarded-for": "192.0.2.1" },
    { origin: "https://evil.example" },
  ];
  for (const headers of cases) {
    const answer = await fetch(`${hub.baseUrl}/api/stats`, { headers });
    assert.equal(answer.status, 403, JSON.stringify(headers));
    assert.equal(Object(await answer.json()).code, 2001);
  }
  const answer = await fetch(`${hub.baseUrl}/api/stats`);
  assert.deepEqual([answer.status, Object(await answer.json()).client_count], [
    200,
    0,
  ]);
});
