import assert from "node:assert/strict";
import {
  assertMessage,
  assertRefused,
  assertSilence,
  reply,
  type Target,
  testDialects,
} from "./scene.ts";

/** Message types of `fixtures/handlers.ts`, which the hub has loaded. */
export function testHandlers(target: Target): void {
  testDialects(target, "a custom type is handled", async (s) => {
    const ann = await s.connect(s.name("ann"));
    assertMessage(await ann.request("roll_dice", { sides: 6 }), {
      type: "dice_rolled",
      requestId: 1,
      data: { by: s.name("ann"), sides: 6 },
    });
    assert.deepEqual(
      await assertRefused(ann, "INVALID_FORMAT", {
        type: "roll_dice",
        data: { sides: 1 },
      }),
      [{ field: "sides", problem: "Does not fit" }],
    );
  });

  testDialects(target, "a slow handler keeps the order", async (s) => {
    const ann = await s.connect();
    ann.send("roll_slowly", { sides: 2 });
    ann.send("roll_dice", { sides: 3 });
    ann.send("roll_slowly", { sides: 4 });
    ann.send("roll_dice", { sides: 5 });
    for (const sides of [2, 3, 4, 5]) {
      const { data } = await ann.take("dice_rolled");
      assert.equal(Object(data).sides, sides);
    }
  });

  testDialects(target, "a handler that throws answers 1003", async (s) => {
    const ann = await s.connect();
    for (const type of ["explode", "explode_later"]) {
      const details = await assertRefused(ann, "SERVER_ERROR", { type });
      assert.equal(details, undefined, "a peer learns nothing of the inside");
    }
    await assertSilence(ann);
  });

  testDialects(target, "a handler's HubError reaches the sender", async (s) => {
    const ann = await s.connect();
    // The module's own copy of the class, where the hub is one file or a binary.
    assert.deepEqual(await assertRefused(ann, "ROOM_FULL", { type: "bet" }), {
      seats: 4,
    });
  });

  testDialects(target, "a permission is asked for", async (s) => {
    const ann = await s.connect();
    assert.deepEqual(await assertRefused(ann, "FORBIDDEN", { type: "cheat" }), {
      permission: "cheat:dice",
    });
  });

  testDialects(target, "a handler can publish", async (s) => {
    const ann = await s.connect(s.name("ann"));
    await reply(ann, "join_room", { room_id: "tavern" });
    ann.send("tell_room", {});
    const { content, sender_id } = Object(
      (await ann.take("room_message")).data,
    );
    assert.deepEqual([content, sender_id], [{ rolled: 6 }, s.name("ann")]);
    await reply(ann, "leave_room", { room_id: "tavern" });
  });
}
