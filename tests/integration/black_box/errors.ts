import assert from "node:assert/strict";
import type { ErrorName } from "../../../src/errors.ts";
import { HubClient } from "../../fakes/hub_client.ts";
import {
  assertError,
  assertMessage,
  assertRefused,
  assertSilence,
  type Scene,
  SUBPROTOCOL,
  type Target,
  testDialects,
  testTarget,
} from "./scene.ts";

/** Texts that are no message, with the error each is answered by and the id that the error names. */
const BROKEN: readonly [
  text: string,
  kind: ErrorName,
  requestId?: string | number,
][] = [
  ["hello", "INVALID_FORMAT"],
  ["{", "INVALID_FORMAT"],
  ["null", "INVALID_FORMAT"],
  ["[]", "INVALID_FORMAT"],
  ["{}", "INVALID_FORMAT"],
  ['{"message_id":7}', "INVALID_FORMAT", 7],
  ['{"message_id":8,"message_type":"no blanks"}', "INVALID_FORMAT", 8],
];

const BAD_IDS = [
  "1.5",
  "-1",
  "9007199254740992",
  "null",
  "true",
  "[]",
  '""',
  JSON.stringify("x".repeat(65)),
];

/** What is answered to messages that cannot be understood. */
export function testErrors(target: Target): void {
  testDialects(target, "message_id comes back as request_id", async (s) => {
    const ann = await s.connect();
    for (const id of [0, 1, 2 ** 53 - 1, "a", "é".repeat(64), '"\\\n\u0000']) {
      const request = { message_id: id, message_type: "ping" };
      ann.sendRaw(JSON.stringify(request));
      const pong = await ann.take("pong");
      assert.equal(pong.request_id, id);
      ann.sendRaw(JSON.stringify({ ...request, message_type: "no_such" }));
      assertError(await ann.take("error"), "UNKNOWN_MESSAGE_TYPE", id);
    }
    ann.sendRaw('{"message_type":"no_such"}');
    assertError(await ann.take("error"), "UNKNOWN_MESSAGE_TYPE");
  });

  testDialects(target, "a broken message is answered 1001", async (s) => {
    const ann = await s.connect();
    for (const [text, kind, requestId] of BROKEN) {
      ann.sendRaw(text);
      assertError(await ann.take("error"), kind, requestId);
    }
    await assertSilence(ann);
  });

  testDialects(target, "a malformed message_id is answered 1002", async (s) => {
    const ann = await s.connect();
    for (const id of BAD_IDS) {
      ann.sendRaw(`{"message_id":${id},"message_type":"ping"}`);
      assertError(await ann.take("error"), "INVALID_MESSAGE_ID");
    }
    await assertSilence(ann);
  });

  testDialects(target, "unknown types are answered 1006, always", async (s) => {
    const ann = await s.connect();
    for (let i = 0; i < 50; i++) {
      await assertRefused(ann, "UNKNOWN_MESSAGE_TYPE", { type: `type-${i}` });
    }
    for (const type of ["welcome", "error", "authenticate", "toString"]) {
      await assertRefused(ann, "UNKNOWN_MESSAGE_TYPE", { type });
    }
  });

  testDialects(target, "malformed fields are named", async (s) => {
    const ann = await s.connect();
    const details = await assertRefused(ann, "INVALID_FORMAT", {
      type: "create_room",
      data: { room_id: 7, max_clients: "many" },
    });
    assert.ok(Array.isArray(details));
    assert.deepEqual(
      details.map((detail) => [detail.field, typeof detail.problem]),
      [["room_id", "string"], ["max_clients", "string"]],
    );
  });

  testDialects(
    target,
    "ten broken messages close with 4500",
    (s) => testTenBroken(s, target),
  );

  testDialects(target, "binary frames are JSON too", async (s) => {
    const ann = await s.connect();
    const encoder = new TextEncoder();
    ann.sendRaw(encoder.encode('{"message_id":"ü","message_type":"ping"}'));
    assert.equal((await ann.take("pong")).request_id, "ü");
    ann.sendRaw(Uint8Array.of(0x7b, 0xff, 0x7d));
    assertError(await ann.take("error"), "INVALID_FORMAT");
    ann.sendRaw(new Uint8Array(0));
    assertError(await ann.take("error"), "INVALID_FORMAT");
    await assertSilence(ann);
  });

  testTarget(target, "batched frames are split and answered", async (url) => {
    using client = await HubClient.connect(url, { subprotocol: SUBPROTOCOL });
    const pings = Array.from(
      { length: 100 },
      (_, i) => JSON.stringify({ message_id: i, message_type: "ping" }),
    );
    // Empty lines are no messages, and one that is broken spoils none beside it.
    const frame = ["", ...pings, "{", pings[7], ""].join("\n");
    for (const sent of [frame, new TextEncoder().encode(frame)]) {
      client.sendRaw(sent);
      for (let i = 0; i < 100; i++) {
        assert.equal((await client.take("pong")).request_id, i);
      }
      assertError(await client.take("error"), "INVALID_FORMAT");
      assert.equal((await client.take("pong")).request_id, 7);
    }
  });

  testTarget(target, "plain frames hold one message", async (url) => {
    using client = await HubClient.connect(url);
    client.sendRaw('{"message_type":"ping"}\n{"message_type":"ping"}');
    assertError(await client.take("error"), "INVALID_FORMAT");
    await assertSilence(client);
    client.sendRaw('{"message_type":\n"ping"}\n');
    await client.take("pong");
  });
}

async function testTenBroken(s: Scene, target: Target): Promise<void> {
  const ann = await s.connect();
  for (let i = 0; i < 10; i++) ann.sendRaw("{");
  // Of the ten, the last is answered too, and what follows is not looked at any more.
  if (target.lacks?.["close frame for who sends on"] === undefined) {
    for (let i = 0; i < 5; i++) ann.sendRaw('{"message_type":"ping"}');
  }
  assert.deepEqual(await ann.waitForClose(), {
    code: 4500,
    reason: "bad protocol",
  });
  for (let i = 0; i < 10; i++) {
    assertError(await ann.take("error"), "INVALID_FORMAT");
  }
  if (s.subprotocol !== undefined) {
    assertMessage(await ann.take("disconnecting"), {
      type: "disconnecting",
      data: { code: 4500, reason: "bad protocol" },
    });
  }
  assert.deepEqual(ann.inbox, []);
}
