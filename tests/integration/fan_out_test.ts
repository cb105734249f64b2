import assert from "node:assert/strict";
import { test } from "node:test";
import { connectMany, type HubClient } from "../fakes/hub_client.ts";
import { HubProcess } from "../fakes/hub_process.ts";
import { SequenceCheck } from "../fakes/sequence_check.ts";
import { until } from "../fakes/until.ts";
import { reply, SUBPROTOCOL } from "./black_box/scene.ts";

const CLIENTS = 1_000;
const ROOMS = 20;
/** So many of the members of each room send. */
const SENDERS = 5;
const MESSAGES = 100;
const DEADLINE_MS = 60_000;

test(
  "a room's members get every message once, in order",
  { timeout: 110_000 },
  async () => {
    await using hub = await HubProcess.start();
    const clients = await connectMany(hub.baseUrl, {
      count: CLIENTS,
      client: (i) => ({
        clientId: `client-${i}`,
        subprotocol: i % 2 === 0 ? SUBPROTOCOL : undefined,
      }),
    });
    try {
      await Promise.all(
        clients.map((client, i) =>
          reply(client, "join_room", { room_id: roomOf(i) })
        ),
      );
      const checks = clients.map(() => new SequenceCheck());
      for (const [i, client] of clients.entries()) {
        client.onMessage = ({ message_type, data }) => {
          if (message_type !== "room_message") return;
          const { sender_id, content, room_id } = Object(data);
          const isOurs = room_id === roomOf(i) && sender_id === content.sender;
          checks[i]?.take(
            isOurs ? sender_id : `stranger in ${room_id}`,
            content.n,
          );
        };
      }
      for (let n = 0; n < MESSAGES; n++) {
        for (const [i, client] of clients.slice(0, ROOMS * SENDERS).entries()) {
          const content = { sender: `client-${i}`, n };
          client.send("room_message", { room_id: roomOf(i), content });
        }
      }
      await assertAllCame({ clients, checks });
      const sent = ROOMS * SENDERS * MESSAGES;
      const delivered = sent * (CLIENTS / ROOMS - 1);
      const metrics = await hub.metrics();
      const type = '{type="room_message"}';
      assert.equal(metrics.value(`hubbub_messages_in_total${type}`), sent);
      assert.equal(
        metrics.value(`hubbub_messages_out_total${type}`),
        delivered,
      );
      assert.equal(metrics.value("hubbub_connections"), CLIENTS);
      assert.equal(metrics.value("hubbub_queue_bytes"), 0);
    } finally {
      for (const client of clients) client[Symbol.dispose]();
    }
  },
);

async function assertAllCame(
  { clients, checks }: {
    readonly clients: readonly HubClient[];
    readonly checks: readonly SequenceCheck[];
  },
): Promise<void> {
  const expected = checks.map((_, i) =>
    (i < ROOMS * SENDERS ? SENDERS - 1 : SENDERS) * MESSAGES
  );
  await until(() => checks.every((it, i) => it.count >= (expected[i] ?? 0)), {
    deadlineMs: DEADLINE_MS,
    describe: () => `counts are ${checks.map((it) => it.count)}`,
  });
  // Whatever came twice, or to the wrong one, is there before the answer to this.
  await Promise.all(clients.map((client) => client.request("ping")));
  assert.deepEqual(checks.map((it) => it.count), expected);
  for (const check of checks) assert.deepEqual(check.faults, []);
  for (const [i, check] of checks.entries()) {
    const senders = Array.from(
      { length: SENDERS },
      (_, s) => s * ROOMS + i % ROOMS,
    )
      .filter((sender) => sender !== i);
    assert.deepEqual(
      check.senders.toSorted(),
      senders.map((sender) => `client-${sender}`).toSorted(),
    );
  }
}

/** The first clients of all rooms send, so every room has its share of them. */
function roomOf(client: number): string {
  return `room-${client % ROOMS}`;
}
