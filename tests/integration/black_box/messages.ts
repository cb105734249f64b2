import assert from "node:assert/strict";
import {
  assertMessage,
  assertRefused,
  assertSilence,
  assertTimestamp,
  forget,
  reply,
  type Scene,
  SUBPROTOCOL,
  type Target,
  testDialects,
} from "./scene.ts";
import type { HubClient } from "../../fakes/hub_client.ts";

/** Any JSON is content, and comes out as it went in. */
const CONTENTS = [
  null,
  false,
  0,
  -1.5e300,
  "",
  "two\nlines, a \u0000, a \u2028 and a \u{1f600}",
  [1, [2, [3]]],
  { text: "hello", __proto__x: { constructor: "c" } },
  JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": 1}'),
];

/** `ping`, `room_message`, `direct_message`, `broadcast`. */
export function testMessages(target: Target): void {
  testDialects(target, "ping answers with both times", async (s) => {
    const ann = await s.connect();
    const ts = Date.now() - 5;
    const pong = await ann.request("ping", { ts });
    const { server_ts } = Object(pong.data);
    assertTimestamp(server_ts);
    assertMessage(pong, {
      type: "pong",
      requestId: 1,
      data: { ts, server_ts, rtt: server_ts - ts },
    });
    const bare = await ann.request("ping");
    assertMessage(bare, {
      type: "pong",
      requestId: 2,
      data: { server_ts: Object(bare.data).server_ts },
    });
    await assertRefused(ann, "INVALID_FORMAT", {
      type: "ping",
      data: { ts: "now" },
    });
  });

  testDialects(target, "room_message reaches the others once", async (s) => {
    const room = s.name("lobby");
    const ann = await s.member(room, "ann");
    const bob = await s.member(room, "bob");
    const eve = await s.connect();
    await forget(ann, bob);
    for (const content of CONTENTS) {
      const accepted = await ann.request("room_message", {
        room_id: room,
        content,
      });
      assertMessage(accepted, {
        type: "message_accepted",
        requestId: Number(accepted.request_id),
        data: { room_id: room },
      });
      const message = await bob.take("room_message");
      const { timestamp } = Object(message.data);
      assertTimestamp(timestamp);
      assertMessage(message, {
        type: "room_message",
        data: { room_id: room, content, sender_id: s.name("ann"), timestamp },
      });
    }
    await assertSilence(ann, bob, eve);
  });

  testDialects(target, "room_message without an id is silent", async (s) => {
    const room = s.name("lobby");
    const ann = await s.member(room, "ann");
    const bob = await s.member(room, "bob");
    await forget(ann, bob);
    ann.send("room_message", { room_id: room, content: 1 });
    await bob.take("room_message");
    await assertSilence(ann);
  });

  testDialects(target, "room_message comes back with echo", async (s) => {
    const room = s.name("echo:");
    const ann = await s.member(room, "ann");
    await reply(ann, "room_message", { room_id: room, content: 1 });
    const { sender_id } = Object((await ann.take("room_message")).data);
    assert.equal(sender_id, s.name("ann"));
  });

  testDialects(target, "room_message refuses what it must", async (s) => {
    const room = s.name("lobby");
    const ann = await s.member(room, "ann");
    const eve = await s.connect();
    const send = (data: unknown) => ({ type: "room_message", data });
    await assertRefused(
      eve,
      "NOT_IN_ROOM",
      send({ room_id: room, content: 1 }),
    );
    await assertRefused(
      eve,
      "ROOM_NOT_FOUND",
      send({ room_id: s.name("nowhere"), content: 1 }),
    );
    await assertRefused(ann, "INVALID_FORMAT", send({ room_id: room }));
    await assertRefused(ann, "INVALID_FORMAT", send({ content: 1 }));
    await assertSilence(ann);
  });

  testDialects(target, "direct_message reaches every tab", testDirect);

  testDialects(target, "broadcast reaches everyone", async (s) => {
    const ann = await s.connect(s.name("ann"));
    const bob = await s.connect(s.name("bob"), undefined);
    const cid = await s.connect(s.name("cid"), SUBPROTOCOL);
    const content = { text: s.name("hear") };
    const accepted = await ann.request("broadcast", { content });
    assertMessage(accepted, {
      type: "message_accepted",
      requestId: 1,
      data: {},
    });
    for (const client of [ann, bob, cid]) {
      const message = await client.take("broadcast");
      const { timestamp } = Object(message.data);
      assertTimestamp(timestamp);
      assertMessage(message, {
        type: "broadcast",
        data: { content, sender_id: s.name("ann"), timestamp },
      });
    }
    await assertSilence(ann, bob, cid);
    await assertRefused(ann, "INVALID_FORMAT", { type: "broadcast" });
  });

  testDialects(target, "messages keep their sender's order", async (s) => {
    const room = s.name("lobby");
    const ann = await s.member(room, "ann");
    const bob = await s.member(room, "bob");
    await forget(ann, bob);
    const count = 500;
    for (let i = 0; i < count; i++) {
      ann.send("room_message", { room_id: room, content: i });
    }
    assert.deepEqual(
      await contents(bob, count),
      Array.from({ length: count }, (_, i) => i),
    );
    await assertSilence(ann, bob);
  });
}

async function testDirect(s: Scene): Promise<void> {
  const ann = await s.connect(s.name("ann"));
  const tabs = [
    await s.connect(s.name("bob"), undefined),
    await s.connect(s.name("bob"), SUBPROTOCOL),
  ];
  const eve = await s.connect(s.name("eve"));
  const request = { target_id: s.name("bob"), content: { text: "psst" } };
  assertMessage(await ann.request("direct_message", request), {
    type: "message_accepted",
    requestId: 1,
    data: { target_id: s.name("bob"), delivered: 2 },
  });
  for (const tab of tabs) {
    const message = await tab.take("direct_message");
    const { timestamp } = Object(message.data);
    assertTimestamp(timestamp);
    assertMessage(message, {
      type: "direct_message",
      data: { content: { text: "psst" }, sender_id: s.name("ann"), timestamp },
    });
  }
  ann.send("direct_message", request);
  await assertSilence(ann, eve);
  for (const tab of tabs) await tab.take("direct_message");
  const send = (data: unknown) => ({ type: "direct_message", data });
  await assertRefused(
    ann,
    "CLIENT_NOT_FOUND",
    send({ target_id: s.name("nobody"), content: 1 }),
  );
  await assertRefused(ann, "INVALID_FORMAT", send({ content: 1 }));
  await assertRefused(ann, "INVALID_FORMAT", send({ target_id: "bob" }));
  await assertSilence(...tabs);
}

async function contents(client: HubClient, count: number): Promise<unknown[]> {
  const got: unknown[] = [];
  while (got.length < count) {
    got.push(Object((await client.take("room_message")).data).content);
  }
  return got;
}
