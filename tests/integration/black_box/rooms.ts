import assert from "node:assert/strict";
import {
  assertMessage,
  assertRefused,
  assertSilence,
  forget,
  reply,
  type Target,
  testDialects,
} from "./scene.ts";

/** `create_room`, `delete_room`, `list_rooms`. */
export function testRooms(target: Target): void {
  testDialects(target, "create_room makes a room that stays", async (s) => {
    const ann = await s.connect();
    const room = s.name("den");
    const request = { room_id: room, name: "The den", max_clients: 1 };
    assertMessage(await ann.request("create_room", request), {
      type: "room_created",
      requestId: 1,
      data: request,
    });
    assertMessage(await ann.request("create_room", { room_id: `${room}-2` }), {
      type: "room_created",
      requestId: 2,
      data: { room_id: `${room}-2`, name: `${room}-2`, max_clients: 0 },
    });
    await reply(ann, "join_room", { room_id: room });
    const bob = await s.connect();
    assert.deepEqual(
      await assertRefused(bob, "ROOM_FULL", {
        type: "join_room",
        data: { room_id: room },
      }),
      { max_clients: 1 },
    );
    await assertSilence(ann, bob);
  });

  testDialects(target, "create_room refuses what it must", async (s) => {
    const ann = await s.connect();
    const room_id = s.name("den");
    await reply(ann, "create_room", { room_id });
    const create = (data: unknown) => ({ type: "create_room", data });
    await assertRefused(ann, "ROOM_EXISTS", create({ room_id }));
    await assertRefused(ann, "INVALID_ROOM_ID", create({ room_id: "ä" }));
    for (
      const data of [
        undefined,
        null,
        [],
        "den",
        {},
        { room_id: "" },
        { room_id: `${room_id}-2`, max_clients: -1 },
      ]
    ) {
      const details = await assertRefused(ann, "INVALID_FORMAT", create(data));
      assert.ok(Array.isArray(details), "details name the fields");
    }
  });

  testDialects(target, "delete_room tells the members alone", async (s) => {
    const room = s.name("den");
    const ann = await s.member(room, "ann");
    const bob = await s.member(room, "bob");
    const eve = await s.connect();
    await forget(ann);
    assertMessage(await ann.request("delete_room", { room_id: room }), {
      type: "room_deleted",
      requestId: Number(3),
      data: { room_id: room },
    });
    assertMessage(await bob.take("room_deleted"), {
      type: "room_deleted",
      data: { room_id: room },
    });
    await assertSilence(ann, bob, eve);
    for (const type of ["delete_room", "leave_room"]) {
      const request = { type, data: { room_id: room } };
      await assertRefused(bob, "ROOM_NOT_FOUND", request);
    }
  });

  testDialects(target, "list_rooms pages through all rooms", async (s) => {
    const prefix = s.name("list");
    const ann = await s.member(`${prefix}-a`, "ann");
    for (const end of ["b", "c"]) {
      const room = { room_id: `${prefix}-${end}`, name: end, max_clients: 5 };
      await reply(ann, "create_room", room);
    }
    const first = await ann.request("list_rooms", { cursor: prefix, limit: 2 });
    assertMessage(first, {
      type: "rooms",
      requestId: Number(first.request_id),
      data: {
        rooms: [
          {
            room_id: `${prefix}-a`,
            name: `${prefix}-a`,
            member_count: 1,
            max_clients: 0,
          },
          {
            room_id: `${prefix}-b`,
            name: "b",
            member_count: 0,
            max_clients: 5,
          },
        ],
        next_cursor: `${prefix}-b`,
      },
    });
    const { rooms } = Object(
      await reply(ann, "list_rooms", { cursor: `${prefix}-b`, limit: 1 }),
    );
    assert.equal(rooms[0].room_id, `${prefix}-c`);
    const { rooms: all } = Object(await reply(ann, "list_rooms"));
    assert.ok(all.length >= 3, "data may be left out");
  });

  testDialects(target, "an automatic room goes when empty", async (s) => {
    const room = s.name("brief:");
    const ann = await s.member(room, "ann");
    await reply(ann, "leave_room", { room_id: room });
    const deadline = Date.now() + 20_000;
    for (;;) {
      const members = await ann.request("room_members", { room_id: room });
      if (members.message_type === "error") break;
      assert.ok(Date.now() < deadline, "the room is still there");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}
