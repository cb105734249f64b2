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

/** `join_room`, `leave_room`, `room_members` and the presence they push. */
export function testMembership(target: Target): void {
  testDialects(target, "join_room replies and tells the members", async (s) => {
    const room = s.name("lobby");
    const ann = await s.member(room, "ann");
    const bob = await s.connect(s.name("bob"));
    assertMessage(await bob.request("join_room", { room_id: room }), {
      type: "room_joined",
      requestId: 1,
      data: { room_id: room, status: "joined", member_count: 2 },
    });
    assertMessage(await ann.take("member_joined"), {
      type: "member_joined",
      data: { room_id: room, client_id: s.name("bob") },
    });
    await assertSilence(ann, bob);
  });

  testDialects(target, "join_room without an id is answered", async (s) => {
    const ann = await s.connect();
    ann.send("join_room", { room_id: s.name("lobby") });
    assertMessage(await ann.take("room_joined"), {
      type: "room_joined",
      data: { room_id: s.name("lobby"), status: "joined", member_count: 1 },
    });
  });

  testDialects(target, "join_room refuses what it must", async (s) => {
    const pair = s.name("pair:");
    const ann = await s.member(pair, "ann");
    const bob = await s.member(pair, "bob");
    const eve = await s.connect(s.name("eve"));
    const join = (room_id: unknown) => ({
      type: "join_room",
      data: { room_id },
    });
    await assertRefused(ann, "ALREADY_IN_ROOM", join(pair));
    assert.deepEqual(
      await assertRefused(eve, "ROOM_FULL", join(pair)),
      { max_clients: 2 },
    );
    await assertRefused(eve, "ROOM_NOT_FOUND", join(s.name("closed:")));
    await assertRefused(eve, "INVALID_ROOM_ID", join("no blanks"));
    await assertRefused(eve, "INVALID_ROOM_ID", join("x".repeat(129)));
    await assertRefused(eve, "INVALID_FORMAT", join(7));
    await assertRefused(eve, "INVALID_FORMAT", { type: "join_room" });
    await forget(ann);
    await reply(bob, "leave_room", { room_id: pair });
    await reply(eve, "join_room", { room_id: pair });
  });

  testDialects(target, "leave_room replies and tells the rest", async (s) => {
    const room = s.name("lobby");
    const ann = await s.member(room, "ann");
    const bob = await s.member(room, "bob");
    await forget(ann);
    assertMessage(await bob.request("leave_room", { room_id: room }), {
      type: "room_left",
      requestId: 2,
      data: { room_id: room, status: "left" },
    });
    assertMessage(await ann.take("member_left"), {
      type: "member_left",
      data: { room_id: room, client_id: s.name("bob"), reason: "left" },
    });
    const again = { type: "leave_room", data: { room_id: room } };
    await assertRefused(bob, "NOT_IN_ROOM", again);
    await assertRefused(bob, "ROOM_NOT_FOUND", {
      type: "leave_room",
      data: { room_id: s.name("nowhere") },
    });
    await assertRefused(bob, "INVALID_FORMAT", { type: "leave_room" });
    await assertSilence(ann, bob);
  });

  testDialects(target, "a disconnected member has left", async (s) => {
    const room = s.name("lobby");
    const ann = await s.member(room, "ann");
    const bob = await s.member(room, "bob");
    await forget(ann);
    assert.equal((await bob.close()).code, 1000);
    assertMessage(await ann.take("member_left"), {
      type: "member_left",
      data: { room_id: room, client_id: s.name("bob"), reason: "disconnected" },
    });
  });

  testDialects(target, "presence counts clients, not tabs", testTabs);

  testDialects(target, "presence is off where so configured", async (s) => {
    const room = s.name("quiet:");
    const ann = await s.member(room, "ann");
    const bob = await s.member(room, "bob");
    await reply(bob, "leave_room", { room_id: room });
    await assertSilence(ann);
  });

  testDialects(target, "room_members lists pages in order", async (s) => {
    const room = s.name("lobby");
    const members = [];
    for (const name of ["ann", "bob", "cid"]) {
      members.push(await s.member(room, name));
    }
    const [ann] = members;
    assert.ok(ann);
    const first = await ann.request("room_members", {
      room_id: room,
      limit: 2,
    });
    const listed: unknown[] = Object(first.data).members;
    for (const member of listed) assertTimestamp(Object(member).joined_at);
    assertMessage(first, {
      type: "room_members",
      requestId: Number(first.request_id),
      data: {
        room_id: room,
        members: ["ann", "bob"].map((name, i) => ({
          client_id: s.name(name),
          joined_at: Object(listed[i]).joined_at,
        })),
        count: 3,
        next_cursor: s.name("bob"),
      },
    });
    const { members: rest, next_cursor: next } = Object(
      await reply(ann, "room_members", {
        room_id: room,
        limit: 2,
        cursor: s.name("bob"),
      }),
    );
    assert.deepEqual([rest.length, rest[0].client_id, next], [
      1,
      s.name("cid"),
      undefined,
    ]);
    await assertRefused(ann, "ROOM_NOT_FOUND", {
      type: "room_members",
      data: { room_id: s.name("nowhere") },
    });
    for (const limit of [0, 1.5, 1_001, "2"]) {
      await assertRefused(ann, "INVALID_FORMAT", {
        type: "room_members",
        data: { room_id: room, limit },
      });
    }
  });
}

async function testTabs(s: Scene): Promise<void> {
  const room = s.name("lobby");
  const ann = await s.member(room, "ann");
  const tab = await s.member(room, "bob");
  const other = await s.connect(s.name("bob"), SUBPROTOCOL);
  assertMessage(await ann.take("member_joined"), {
    type: "member_joined",
    data: { room_id: room, client_id: s.name("bob") },
  });
  // The second connection of the same client is news to nobody, and no member more.
  assert.deepEqual(await reply(other, "join_room", { room_id: room }), {
    room_id: room,
    status: "joined",
    member_count: 2,
  });
  await assertSilence(ann, tab);
  await reply(tab, "leave_room", { room_id: room });
  await assertSilence(ann, other);
  // Rooms are joined per connection: only the other one is still in.
  await assertRefused(tab, "NOT_IN_ROOM", {
    type: "room_message",
    data: { room_id: room, content: 1 },
  });
  await reply(ann, "room_message", { room_id: room, content: "to bob" });
  await other.take("room_message");
  await assertSilence(tab);
  await other.close();
  assertMessage(await ann.take("member_left"), {
    type: "member_left",
    data: { room_id: room, client_id: s.name("bob"), reason: "disconnected" },
  });
}
