import assert from "node:assert/strict";
import { test } from "node:test";
import { connectMany, HubClient, type Message } from "../fakes/hub_client.ts";
import { HubProcess } from "../fakes/hub_process.ts";
import { SequenceCheck } from "../fakes/sequence_check.ts";
import { StuckPeer } from "../fakes/stuck_peer.ts";
import { until } from "../fakes/until.ts";
import { assertMessage, reply, SUBPROTOCOL } from "./black_box/scene.ts";

const QUEUE_BYTES = 160 * 1024;
const CONFIG = `
server: { websocket: { queue_bytes: 160KiB, close_timeout: 60s } }
rooms:
  namespaces:
    crowd: { presence: false }
    oldest: { slow_consumer: drop_oldest }
    newest: { slow_consumer: drop_newest }
`;
const options = { timeout: 110_000 };
const CROWD = "crowd:all";
const CLIENTS = 1_000;
/** More than the queue takes. */
const MESSAGES = 250;
/** 100 a second, for as long as the hub has patience with the slow one, and these more. */
const INTERVAL_MS = 10;
const MESSAGES_AFTER = 50;
const MAX_MESSAGES = 2_000;
const PADDING = "x".repeat(1_024);

test(
  "a client that stops reading is closed, and 1,000 others feel nothing",
  options,
  async () => {
    await using hub = await HubProcess.start({ config: CONFIG });
    using sender = await HubClient.connect(hub.baseUrl);
    const others = await connectMany(hub.baseUrl, {
      count: CLIENTS,
      client: (i) => ({ subprotocol: i % 2 === 0 ? SUBPROTOCOL : undefined }),
    });
    try {
      await Promise.all(
        [sender, ...others].map((it) =>
          reply(it, "join_room", { room_id: CROWD })
        ),
      );
      const connect = { clientId: "stuck", roomId: CROWD };
      using stuck = await StuckPeer.connect(hub, connect);
      const checks = others.map(watch);
      const { peak, count } = await stream(sender, stuck);
      assert.ok(peak <= QUEUE_BYTES, `never more than its limit: ${peak}`);
      assert.equal(await stuck.queuedBytes(), undefined, "the hub gave it up");

      await until(() => checks.every((it) => it.count >= count), {
        deadlineMs: 60_000,
        describe: () => `counts are ${checks.map((it) => it.count)}`,
      });
      await Promise.all(others.map((client) => client.request("ping")));
      for (const check of checks) {
        assert.deepEqual([check.count, check.faults], [count, []]);
      }
      const metrics = await hub.metrics();
      const closed = 'hubbub_connections_closed_total{code="4001"}';
      const action = 'hubbub_slow_consumers_total{action="disconnect"}';
      assert.equal(metrics.value(closed), 1);
      assert.equal(metrics.value(action), 1);
      assert.equal(metrics.value("hubbub_connections"), CLIENTS + 1);

      const { messages, closeCode } = await stuck.readOn();
      assert.equal(closeCode, 4001);
      const got = numbersOf(messages);
      assert.deepEqual(got, got.map((_, i) => i), "what it got is a beginning");
      assert.ok(got.length < count);
    } finally {
      for (const client of others) client[Symbol.dispose]();
    }
  },
);

test("the others hear that a slow consumer left", options, async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  using ann = await HubClient.connect(hub.baseUrl);
  await reply(ann, "join_room", { room_id: "lobby" });
  using _stuck = await StuckPeer.connect(hub, {
    clientId: "stuck",
    roomId: "lobby",
  });
  await sendAll(ann, "lobby");
  assertMessage(await ann.take("member_left"), {
    type: "member_left",
    data: { room_id: "lobby", client_id: "stuck", reason: "slow_consumer" },
  });
});

test(
  "drop_oldest keeps the newest and tells how many are lost",
  options,
  async () => {
    const { got, dropped, reported } = await overrun("oldest:room");
    const lost = MESSAGES - got.length;
    assert.ok(lost > 0);
    assert.deepEqual([dropped, reported], [lost, lost]);
    // Some were on their way already; after the gap come the newest, without another gap.
    const gapAt = got.findIndex((n, i) => n !== i);
    assert.deepEqual(
      got.slice(gapAt),
      Array.from({ length: got.length - gapAt }, (_, i) => gapAt + lost + i),
    );
  },
);

test(
  "drop_newest keeps the oldest and tells how many are lost",
  options,
  async () => {
    const { got, dropped, reported } = await overrun("newest:room");
    const lost = MESSAGES - got.length;
    assert.ok(lost > 0);
    assert.deepEqual([dropped, reported], [lost, lost]);
    assert.deepEqual(got, got.map((_, i) => i));
  },
);

interface Overrun {
  /** Numbers of the messages the slow client got. */
  readonly got: readonly number[];
  /** How many the hub counted as lost. */
  readonly dropped: number;
  /** How many the client was told of. */
  readonly reported: number;
}

/** Sends to a room more than its slow member's queue takes, and has it read on then. */
async function overrun(roomId: string): Promise<Overrun> {
  await using hub = await HubProcess.start({ config: CONFIG });
  using sender = await HubClient.connect(hub.baseUrl);
  using other = await HubClient.connect(hub.baseUrl);
  for (const client of [sender, other]) {
    await reply(client, "join_room", { room_id: roomId });
  }
  using stuck = await StuckPeer.connect(hub, {
    clientId: "stuck",
    roomId,
    subprotocol: SUBPROTOCOL,
  });
  const check = watch(other);
  await sendAll(sender, roomId);
  await other.request("ping");
  assert.deepEqual([check.count, check.faults], [MESSAGES, []]);
  const queued = await stuck.queuedBytes() ?? 0;
  assert.ok(queued > QUEUE_BYTES / 2 && queued <= QUEUE_BYTES, `${queued}`);

  stuck.client.resume();
  await until(async () => await stuck.queuedBytes() === 0);
  // Behind the gap it is a member like any other.
  const last = { n: MESSAGES };
  await reply(sender, "room_message", { room_id: roomId, content: last });
  const { messages } = await stuck.readOn(({ data }) =>
    Object(Object(data).content).n === MESSAGES
  );
  const metrics = await hub.metrics();
  const policy = roomId.startsWith("oldest") ? "drop_oldest" : "drop_newest";
  const reports = messages.filter((it) => it.message_type === "lagging");
  return {
    got: numbersOf(messages).slice(0, -1),
    dropped: metrics.value(`hubbub_messages_dropped_total{policy="${policy}"}`),
    reported: reports.reduce((sum, { data }) => {
      assert.equal(Object(data).room_id, roomId);
      return sum + Object(data).dropped;
    }, 0),
  };
}

/** Sends the messages as fast as it can, and waits until the hub has them. */
async function sendAll(sender: HubClient, roomId: string): Promise<void> {
  for (let n = 0; n < MESSAGES; n++) sendOne(sender, { roomId, n });
  await sender.request("ping");
}

/** Sends at the rate until the hub has given the slow member up, and some more. */
async function stream(
  sender: HubClient,
  stuck: StuckPeer,
): Promise<{ readonly count: number; readonly peak: number }> {
  let peak = 0;
  let isSlow = true;
  async function measure(): Promise<void> {
    for (;;) {
      const bytes = await stuck.queuedBytes();
      isSlow = bytes !== undefined;
      if (bytes === undefined) return;
      peak = Math.max(peak, bytes);
    }
  }
  const measured = measure();
  const startMs = performance.now();
  let left = MESSAGES_AFTER;
  let n = 0;
  for (; left > 0 && n < MAX_MESSAGES; n++) {
    const waitMs = startMs + n * INTERVAL_MS - performance.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs)));
    sendOne(sender, { roomId: CROWD, n });
    if (!isSlow) left--;
  }
  assert.equal(left, 0, `the hub still waits for it after ${n} messages`);
  await measured;
  return { count: n, peak };
}

function sendOne(
  sender: HubClient,
  { roomId, n }: { readonly roomId: string; readonly n: number },
): void {
  const content = { n, padding: PADDING };
  sender.send("room_message", { room_id: roomId, content });
}

/** From here on keeps no message of the client, but whether they are what they must be. */
function watch(client: HubClient): SequenceCheck {
  const check = new SequenceCheck();
  client.onMessage = ({ message_type, data }) => {
    const { sender_id, content } = Object(data);
    if (message_type === "room_message") check.take(sender_id, content.n);
  };
  return check;
}

function numbersOf(messages: readonly Message[]): number[] {
  return messages.flatMap(({ message_type, data }) =>
    message_type === "room_message" ? [Object(data).content.n] : []
  );
}
