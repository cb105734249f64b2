import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { CLOSES } from "../../src/errors.ts";
import { HUBBUB_V1_JSON } from "../../src/protocol/dialects.ts";
import { FakeConn } from "../fakes/fake_conn.ts";
import { HubProcess } from "../fakes/hub_process.ts";
import { MemoryWatch } from "../fakes/memory_watch.ts";
import { handshakeRequest, RawWsClient } from "../fakes/raw_ws_client.ts";
import { ROOM_DEFAULTS, TestHub } from "../fakes/test_hub.ts";
import { until } from "../fakes/until.ts";

const TENTHS = 10;
/** Tenths before the first, in which the heap comes to its size. */
const WARM_UP = 1;
/** Parts of a tenth, the visits of each, and how many are there at once. */
const PARTS = 5;
const VISITS = 1_000;
const AT_ONCE = 100;
/** No multiple of the ways to go, so that every room has visitors of all kinds. */
const ROOMS = 301;
const options = { timeout: 115_000 };

test("50,000 connects and disconnects leave nothing", options, async () => {
  await using hub = await HubProcess.start({
    config: "rooms: { defaults: { empty_ttl: 300ms } }",
  });
  const descriptors = openDescriptors(hub);
  const memory = new MemoryWatch(hub);
  let visits = 0;
  async function visitAll(): Promise<void> {
    const end = visits + VISITS;
    async function visitInTurn(): Promise<void> {
      while (visits < end) await visit(hub, visits++);
    }
    await Promise.all(Array.from({ length: AT_ONCE }, visitInTurn));
  }
  for (let tenth = 1 - WARM_UP; tenth <= TENTHS; tenth++) {
    for (let i = 0; i < PARTS; i++) {
      await visitAll();
      if (tenth === 2) await memory.measureBefore();
    }
  }
  console.log(await memory.settle(visitAll));

  await until(async () => {
    const { client_count, room_count } = Object(await hub.get("/api/stats"));
    return client_count === 0 && room_count === 0;
  }, { deadlineMs: 20_000 });
  const metrics = await hub.metrics();
  for (const name of ["connections", "clients", "rooms", "queue_bytes"]) {
    assert.equal(metrics.value(`hubbub_${name}`), 0, name);
  }
  const created = metrics.value("hubbub_rooms_created_total");
  assert.ok(created >= ROOMS);
  assert.equal(metrics.value("hubbub_rooms_removed_total"), created);
  const opened = metrics.value("hubbub_connections_opened_total");
  assert.ok(opened > visits * 0.7, `${opened} of ${visits} came in`);
  const closed = metrics.families.get("hubbub_connections_closed_total");
  const closes = [...closed?.samples.values() ?? []];
  assert.equal(closes.reduce((sum, count) => sum + count, 0), opened);
  assert.deepEqual(hub.log.filter((it) => it.level === "error"), []);
  // A few more are connections that fetch keeps for the next request.
  await until(() => openDescriptors(hub) < descriptors + 10);
  assert.deepEqual(await hub.stop(), { code: 0, signal: null });
});

test("50,000 connections leave no entry and no timer", () => {
  const { hub, clock } = new TestHub({
    closeTimeoutMs: 1_000,
    roomDefaults: { ...ROOM_DEFAULTS, emptyTtlMs: 1_000 },
  });
  const timers = clock.pendingTimers;
  for (let n = 0; n < 50_000; n++) {
    const conn = new FakeConn();
    const identity = { clientId: `client-${n % 7_777}` };
    const connection = hub.connect({ conn, dialect: HUBBUB_V1_JSON, identity });
    hub.join(connection, `room-${n % ROOMS}`);
    if (n % 3 === 0) connection.close(CLOSES.KICKED);
    // Every sixth socket is closed by the hub, and never says that it is gone.
    if (n % 6 !== 0) connection.closed(1006, "");
    if (n % 100 === 0) clock.advance(10);
  }
  assert.ok(hub.closingCount > 0 && hub.rooms.count > 0 && hub.wheel.size > 0);
  clock.advance(3_000);
  assert.deepEqual({
    connections: hub.connections.size,
    clients: hub.clients.size,
    closing: hub.closingCount,
    rooms: hub.rooms.count,
    deadlines: hub.wheel.size,
    timers: clock.pendingTimers,
    queued: hub.queuedBytes,
  }, {
    connections: 0,
    clients: 0,
    closing: 0,
    rooms: 0,
    deadlines: 0,
    timers,
    queued: 0,
  });
});

/** Comes, joins a room, and goes in one of the ways there are. */
async function visit(hub: HubProcess, n: number): Promise<void> {
  const path = n % 2 === 0 ? "/ws" : `/ws?client_id=client-${n % 77}`;
  if (n % 5 === 0) {
    using hasty = await RawWsClient.dial(hub.port);
    hasty.sendBytes(handshakeRequest({ path }));
    hasty.reset();
    return;
  }
  using client = await RawWsClient.connect(hub.port, { path });
  const data = { room_id: `room-${n % ROOMS}` };
  client.sendText(JSON.stringify({ message_type: "join_room", data }));
  await client.nextText();
  switch (n % 5) {
    case 1:
      client.sendClose(1000);
      return await client.closed();
    case 2:
      return client.end();
    case 3:
      return client.reset();
    default:
      client.sendText(JSON.stringify({ message_type: "leave_room", data }));
      client.sendClose(1000);
      return await client.closed();
  }
}

/** 0 on a system that does not tell. */
function openDescriptors(hub: HubProcess): number {
  const folder = `/proc/${hub.program.pid}/fd`;
  return existsSync(folder) ? readdirSync(folder).length : 0;
}
