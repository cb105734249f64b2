import assert from "node:assert/strict";
import { test } from "node:test";
import { connectMany, HubClient } from "../fakes/hub_client.ts";
import { HubProcess, type LogEntry } from "../fakes/hub_process.ts";
import { RawWsClient } from "../fakes/raw_ws_client.ts";
import { OPCODES } from "../fakes/raw_ws_frames.ts";
import { StuckPeer } from "../fakes/stuck_peer.ts";
import { until } from "../fakes/until.ts";
import {
  assertError,
  assertRefused,
  assertSilence,
  reply,
  SUBPROTOCOL,
} from "./black_box/scene.ts";

const CLIENTS = 1_000;
const options = { timeout: 110_000 };

const BEFORE = "log: { level: info }";
const AFTER = `
server:
  websocket:
    max_message_bytes: 1KiB
    queue_bytes: 64KiB
    ping_interval: 500ms
    idle_timeout: 4s
    allowed_origins: ["https://new.example"]
limits: { messages_per_second: 5, message_burst: 5 }
rooms:
  namespaces:
    quiet: { presence: false }
    closed: { auto_create: false }
log: { level: debug }
`;
const CHANGED = [
  "limits.message_burst",
  "limits.messages_per_second",
  "log.level",
  "rooms.namespaces.closed",
  "rooms.namespaces.quiet",
  "server.websocket.allowed_origins",
  "server.websocket.idle_timeout",
  "server.websocket.max_message_bytes",
  "server.websocket.ping_interval",
  "server.websocket.queue_bytes",
];

test("a changed file holds for 1,000 live connections", options, async () => {
  await using hub = await HubProcess.start({ config: BEFORE });
  using crowd = await Crowd.connect(hub);
  using silent = await RawWsClient.connect(hub.port);
  using big = await HubClient.connect(hub.baseUrl);
  using busy = await HubClient.connect(hub.baseUrl);
  using ann = await HubClient.connect(hub.baseUrl);
  using bob = await HubClient.connect(hub.baseUrl);
  for (const client of [ann, bob]) {
    await reply(client, "join_room", { room_id: "quiet:hall" });
  }
  using stuck = await StuckPeer.connect(hub, { clientId: "stuck" });
  await reply(big, "ping", { pad: "x".repeat(2_000) });
  for (let i = 0; i < 20; i++) await reply(busy, "ping");
  await ann.rest();

  const changed = await change(hub, AFTER);
  assert.deepEqual(changed.keys.toSorted(), CHANGED);

  // From that line of the log on everything holds, without another moment's grace.
  big.send("ping", { pad: "x".repeat(2_000) });
  for (let i = 0; i < 20; i++) busy.send("ping");
  const join = (room_id: string) => ({ type: "join_room", data: { room_id } });
  await assertRefused(ann, "ROOM_NOT_FOUND", join("closed:door"));
  await reply(bob, "leave_room", { room_id: "quiet:hall" });
  await assertSilence(ann);
  assert.equal((await big.waitForClose()).code, 1009);
  assertError(await busy.take("error"), "RATE_LIMITED");
  assert.equal(await closeCodeFor(hub, "https://old.example"), 4506);
  assert.equal(await closeCodeFor(hub, "https://new.example"), undefined);
  const straw = { content: "x".repeat(700) };
  for (let i = 0; i < 10; i++) {
    await hub.post("/api/users/stuck/messages", straw);
  }
  assert.equal(await stuck.queuedBytes(), undefined, "beyond the new queue");
  await hub.waitForLog("http request");

  // Who answers nothing hears the new heartbeat, and then its end.
  let frame = await silent.nextFrame();
  assert.equal(frame.opcode, OPCODES.ping);
  while (frame.opcode === OPCODES.ping) frame = await silent.nextFrame();
  assert.deepEqual([frame.opcode, frame.payload.readUInt16BE(0)], [
    OPCODES.close,
    4002,
  ]);
  await crowd.assertWhole();

  await busy.rest();
  const restored = await change(hub, BEFORE);
  assert.deepEqual(restored.keys.toSorted(), CHANGED);
  for (let i = 0; i < 20; i++) busy.send("ping");
  await reply(busy, "ping", { pad: "x".repeat(60_000) });
  assert.ok((await busy.rest()).every((it) => it.message_type === "pong"));
  assert.equal(await closeCodeFor(hub, "https://old.example"), undefined);
  await crowd.assertWhole();
  // The better of two: a busy machine may hold one of them up.
  const tookMs = Math.min(changed.tookMs, restored.tookMs);
  assert.ok(tookMs < 1_000, `it took ${tookMs} ms`);
});

test("a broken file changes nothing and says why", options, async () => {
  await using hub = await HubProcess.start({ config: AFTER });
  using crowd = await Crowd.connect(hub);
  using busy = await HubClient.connect(hub.baseUrl);
  const broken: [config: string, problems: RegExp[]][] = [
    ["limits: { messages_per_second: 100", [/^Cannot read .*line 1/]],
    [
      "limits: { messages_per_second: 100 }\nlog: { level: loud }\nlgo: {}\n",
      [/^Cannot use log\.level: .*"loud"/, /^Cannot use lgo: .*log/],
    ],
    [
      "limits: { messages_per_second: 100 }\n" +
      "server: { websocket: { ping_interval: 30s, idle_timeout: 20s } }",
      [/^Cannot use server\.websocket\.ping_interval: .*20s/],
    ],
  ];
  for (const [i, [config, problems]] of broken.entries()) {
    hub.writeConfig(config);
    const refusals = "configuration refused";
    await until(() => hub.logged(refusals).length > i, { deadlineMs: 20_000 });
    const told = hub.logged(refusals)[i]?.["problems"];
    assert.ok(
      Array.isArray(told) && told.length === problems.length,
      `${told}`,
    );
    for (const problem of problems) {
      assert.ok(told.some((line) => problem.test(line)), `${problem}: ${told}`);
    }
    assert.equal(hub.logged(refusals)[i]?.level, "error");
  }
  // Nothing of any of the files holds, also what would have been right by itself.
  for (let i = 0; i < 20; i++) busy.send("ping");
  assertError(await busy.take("error"), "RATE_LIMITED");
  assert.equal(hub.logged("configuration reloaded").length, 0);
  await crowd.assertWhole();
  // And the next good one does.
  assert.deepEqual((await change(hub, BEFORE)).keys.toSorted(), CHANGED);
  await crowd.assertWhole();
});

/** Clients that are there before and after, and do nothing wrong. */
class Crowd implements Disposable {
  readonly #clients: readonly HubClient[];

  static async connect({ baseUrl }: HubProcess): Promise<Crowd> {
    const clients = await connectMany(baseUrl, {
      count: CLIENTS,
      client: (i) => ({ subprotocol: i % 2 === 0 ? SUBPROTOCOL : undefined }),
    });
    await Promise.all(
      clients.map((it, i) =>
        reply(it, "join_room", { room_id: `quiet:${i % 100}` })
      ),
    );
    return new Crowd(clients);
  }

  constructor(clients: readonly HubClient[]) {
    this.#clients = clients;
  }

  /** Fails unless each of them is still served, on the connection it had. */
  async assertWhole(): Promise<void> {
    await Promise.all(this.#clients.map((client) => reply(client, "ping")));
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client[Symbol.dispose]();
  }
}

/** Writes the file and waits until the hub says that it holds. */
async function change(
  hub: HubProcess,
  config: string,
): Promise<{ readonly keys: readonly string[]; readonly tookMs: number }> {
  const before = hub.logged("configuration reloaded").length;
  const writtenMs = Date.now();
  hub.writeConfig(config);
  let entry: LogEntry | undefined;
  await until(() => {
    entry = hub.logged("configuration reloaded")[before];
    return entry !== undefined;
  }, { deadlineMs: 20_000, describe: () => hub.program.output.slice(-2_000) });
  const { keys, time } = Object(entry);
  return { keys, tookMs: Date.parse(time) - writtenMs };
}

/** What a page of this origin is closed with; undefined where it may stay. */
async function closeCodeFor(
  hub: HubProcess,
  origin: string,
): Promise<number | undefined> {
  using client = await RawWsClient.connect(hub.port, {
    headers: { Origin: origin },
  });
  client.sendText('{"message_type":"ping"}');
  const { opcode, payload } = await client.nextFrame();
  return opcode === OPCODES.close ? payload.readUInt16BE(0) : undefined;
}
