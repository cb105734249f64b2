import assert from "node:assert/strict";
import { test } from "node:test";
import { HubClient } from "../fakes/hub_client.ts";
import { HubProcess } from "../fakes/hub_process.ts";
import { RUNTIME } from "../fakes/program.ts";
import { RawWsClient } from "../fakes/raw_ws_client.ts";
import { StuckPeer } from "../fakes/stuck_peer.ts";
import { assertMessage, reply, SUBPROTOCOL } from "./black_box/scene.ts";

const options = { timeout: 60_000 };
const DRAINED = { code: 0, signal: null };
const DRAINING = { code: 4000, reason: "draining" };

test(
  "a signal tells clients, closes with 4000, exits with 0",
  options,
  async () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      await using hub = await HubProcess.start();
      using plain = await HubClient.connect(hub.baseUrl);
      using ann = await HubClient.connect(hub.baseUrl, {
        subprotocol: SUBPROTOCOL,
      });
      for (const client of [plain, ann]) {
        await reply(client, "join_room", { room_id: "lobby" });
        await client.rest();
      }
      await plain.rest();
      assert.deepEqual(await hub.stop(signal), DRAINED);
      for (const client of [plain, ann]) {
        assert.deepEqual(await client.waitForClose(), DRAINING);
      }
      // That the others leave too is no news to anybody.
      assert.deepEqual(plain.inbox, []);
      const told = await ann.take("disconnecting");
      const { reconnect_after_ms } = Object(told.data);
      assertMessage(told, {
        type: "disconnecting",
        data: { ...DRAINING, reconnect_after_ms },
      });
      assert.ok(
        Number.isInteger(reconnect_after_ms) && reconnect_after_ms >= 0,
      );
      assert.deepEqual(ann.inbox, []);
      assert.equal(hub.logged("hub is draining")[0]?.["connections"], 2);
      assert.equal(droppedBy(hub), 0);
    }
  },
);

test("drain spreads the return of many clients", options, async () => {
  await using hub = await HubProcess.start();
  const clients = await Promise.all(
    Array.from(
      { length: 40 },
      () => HubClient.connect(hub.baseUrl, { subprotocol: SUBPROTOCOL }),
    ),
  );
  assert.deepEqual(await hub.stop(), DRAINED);
  const delays = await Promise.all(clients.map(async (client) => {
    await client.waitForClose();
    const { data } = await client.take("disconnecting");
    return Number(Object(data).reconnect_after_ms);
  }));
  assert.ok(new Set(delays).size > 20, `spread: ${delays}`);
});

test(
  "while draining, health says 503 and nobody gets in",
  options,
  async () => {
    await using hub = await HubProcess.start();
    using _stuck = await StuckPeer.connect(hub, { clientId: "stuck" });
    using prober = await RawWsClient.dial(hub.port);
    // Half a request: a connection that rests would be closed.
    prober.sendBytes("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    await startDrain(hub);
    prober.sendBytes("\r\n");
    assert.equal((await prober.nextAnswer()).status, 503);
    await assert.rejects(fetch(`${hub.baseUrl}/health`));
    await assert.rejects(HubClient.connect(hub.baseUrl));
  },
);

test("drain flushes what waits for a slow peer", options, async () => {
  await using hub = await HubProcess.start();
  using slow = await StuckPeer.connect(hub, {
    clientId: "slow",
    roomId: "lobby",
  });
  const count = 100;
  for (let i = 0; i < count; i++) {
    const content = [i, "x".repeat(1_000)];
    await hub.post("/api/rooms/lobby/messages", { content });
  }
  assert.ok((await slow.queuedBytes() ?? 0) > count * 1_000);
  await startDrain(hub);
  const { messages, closeCode } = await slow.readOn();
  assert.deepEqual(
    messages.flatMap(({ message_type, data }) =>
      message_type === "room_message" ? [Object(data).content[0]] : []
    ),
    Array.from({ length: count }, (_, i) => i),
  );
  assert.equal(closeCode, DRAINING.code);
  slow.client.sendClose(DRAINING.code);
  assert.deepEqual(await hub.program.waitForExit(), DRAINED);
  assert.equal(droppedBy(hub), 0);
});

test(
  "drain waits for peers no longer than drain_timeout",
  options,
  async () => {
    await using hub = await HubProcess.start({
      config:
        "server: { drain_timeout: 1s, websocket: { close_timeout: 60s } }",
    });
    using silent = await RawWsClient.connect(hub.port);
    using stuck = await StuckPeer.connect(hub, { clientId: "stuck" });
    await startDrain(hub);
    // It gives no answer to this, and holds Deno up by it; Bun does not wait for one.
    assert.deepEqual(await silent.nextClose(), DRAINING);
    assert.deepEqual(await hub.program.waitForExit(), DRAINED);
    assert.equal(droppedBy(hub), RUNTIME === "deno" ? 2 : 1);
    assert.equal(stuck.client.isClosed, false, "it has not read even that");
  },
);

test("drain gives up on peers after close_timeout", options, async () => {
  await using hub = await HubProcess.start({
    config: "server: { drain_timeout: 5m, websocket: { close_timeout: 1s } }",
  });
  using _silent = await RawWsClient.connect(hub.port);
  using _stuck = await StuckPeer.connect(hub, { clientId: "stuck" });
  assert.deepEqual(await hub.stop(), DRAINED);
  assert.equal(droppedBy(hub), 0);
});

test("a second signal exits at once", options, async () => {
  for (const second of ["SIGTERM", "SIGINT"] as const) {
    await using hub = await HubProcess.start({
      config: "server: { drain_timeout: 5m, websocket: { close_timeout: 5m } }",
    });
    using _stuck = await StuckPeer.connect(hub, { clientId: "stuck" });
    await startDrain(hub);
    assert.deepEqual(await hub.stop(second), { code: 1, signal: null });
  }
});

test(
  "an error nobody caught is logged, and the hub lives on",
  options,
  async () => {
    await using hub = await HubProcess.start({
      env: { HUBBUB_HANDLERS: "tests/integration/fixtures/handlers.ts" },
    });
    using ann = await HubClient.connect(hub.baseUrl);
    ann.send("explode_outside", {});
    const { level, err } = await hub.waitForLog("nobody caught an error");
    assert.equal(level, "error");
    assert.match(JSON.stringify(err), /the dice fell off the table/);
    await reply(ann, "ping");
    assert.deepEqual(await hub.stop(), DRAINED);
  },
);

async function startDrain(hub: HubProcess): Promise<void> {
  hub.program.kill("SIGTERM");
  await hub.waitForLog("hub is draining");
}

/** How many sockets the hub left open when it stopped. */
function droppedBy(hub: HubProcess): unknown {
  return hub.logged("hub has stopped")[0]?.["dropped"];
}
