import assert from "node:assert/strict";
import type { HubClient } from "../../fakes/hub_client.ts";
import { assertHttpError } from "./http.ts";
import {
  Api,
  assertMessage,
  assertSilence,
  assertTimestamp,
  forget,
  Scene,
  SUBPROTOCOL,
  type Target,
  testDialects,
  testTarget,
} from "./scene.ts";

/** What a backend does to rooms and clients by HTTP. */
export function testHttpHub(target: Target): void {
  testDialects(target, "POST /api/broadcast reaches everyone", testBroadcast);

  testTarget(target, "rooms over HTTP, from birth to end", async (baseUrl) => {
    const api = await Api.open(baseUrl);
    using scene = new Scene(baseUrl, undefined);
    const id = scene.name("den");
    const room = { id, name: "The den", max_clients: 3 };
    const created = await api.call("POST", "/api/rooms", room);
    assert.deepEqual([created.status, created.json], [201, {
      status: "room created",
    }]);
    const again = await api.call("POST", "/api/rooms", room);
    assertHttpError(again, { status: 409, kind: "ROOM_EXISTS" });
    const bad = await api.call("POST", "/api/rooms", { id: "no blanks" });
    assertHttpError(bad, { status: 400, kind: "INVALID_ROOM_ID" });

    const ann = await scene.member(id, "ann");
    const expected = { ...room, member_count: 1 };
    const { json: one } = await api.call("GET", `/api/rooms/${id}`);
    assert.deepEqual(one, expected);
    const { json: listed } = await api.call("GET", "/api/rooms?limit=1000");
    assert.ok(Array.isArray(listed));
    assert.deepEqual(listed.find((it) => it.id === id), expected);

    const { json: members } = await api.call("GET", `/api/rooms/${id}/members`);
    const [{ joined_at }] = Object(members).members;
    assertTimestamp(joined_at);
    assert.deepEqual(members, {
      room_id: id,
      members: [{ client_id: scene.name("ann"), joined_at }],
      count: 1,
    });

    const gone = await api.call("DELETE", `/api/rooms/${id}`);
    assert.deepEqual([gone.status, gone.json], [200, {
      status: "room deleted",
    }]);
    assertMessage(await ann.take("room_deleted"), {
      type: "room_deleted",
      data: { room_id: id },
    });
    for (
      const [method, path] of [
        ["GET", `/api/rooms/${id}`],
        ["DELETE", `/api/rooms/${id}`],
        ["GET", `/api/rooms/${id}/members`],
      ] as const
    ) {
      const refused = await api.call(method, path);
      assertHttpError(refused, { status: 404, kind: "ROOM_NOT_FOUND" });
    }
  });

  testTarget(target, "GET /api/rooms pages by a link", async (baseUrl) => {
    const api = await Api.open(baseUrl);
    using scene = new Scene(baseUrl, undefined);
    const prefix = scene.name("page");
    const ids = ["a", "b", "c"].map((end) => `${prefix}-${end}`);
    for (const id of ids) await api.call("POST", "/api/rooms", { id });
    const path = `/api/rooms?cursor=${prefix}&limit=2`;
    const first = await api.call("GET", path);
    assert.ok(Array.isArray(first.json));
    assert.deepEqual(first.json.map((it) => it.id), ids.slice(0, 2));
    const [, next = ""] = /^<(.+)>; rel="next"$/
      .exec(first.headers.get("link") ?? "") ?? [];
    const { json } = await api.call("GET", next);
    assert.equal(Object(json)[0].id, ids[2]);
    for (const query of ["limit=0", "limit=x", "limit=1001", "page=2"]) {
      const refused = await api.call("GET", `/api/rooms?${query}`);
      assertHttpError(refused, { status: 400, kind: "INVALID_FORMAT" });
    }
  });

  testDialects(target, "POST messages to a room and a user", async (s) => {
    const api = await Api.open(s.baseUrl);
    const room = s.name("lobby");
    const ann = await s.member(room, "ann");
    const tab = await s.connect(s.name("ann"));
    const content = { text: "from the backend" };
    const sent = await api.call("POST", `/api/rooms/${room}/messages`, {
      content,
      sender_id: "billing",
    });
    assert.deepEqual(sent.json, { status: "message sent", delivered: 1 });
    await assertData(ann, "room_message", {
      room_id: room,
      content,
      sender_id: "billing",
    });
    const path = `/api/users/${s.name("ann")}/messages`;
    const direct = await api.call("POST", path, { content: null });
    assert.deepEqual(direct.json, { status: "message sent", delivered: 2 });
    for (const client of [ann, tab]) {
      await assertData(client, "direct_message", {
        content: null,
        sender_id: "server",
      });
    }
    const nowhere = `/api/rooms/${s.name("nowhere")}/messages`;
    const nobody = `/api/users/${s.name("nobody")}/messages`;
    const lost = await api.call("POST", nowhere, { content });
    assertHttpError(lost, { status: 404, kind: "ROOM_NOT_FOUND" });
    const missed = await api.call("POST", nobody, { content });
    assertHttpError(missed, { status: 404, kind: "CLIENT_NOT_FOUND" });
    const empty = await api.call("POST", path, {});
    assertHttpError(empty, { status: 400, kind: "INVALID_FORMAT" });
    await assertSilence(ann, tab);
  });

  testDialects(target, "GET /api/clients lists connections", async (s) => {
    const api = await Api.open(s.baseUrl);
    const room = s.name("lobby");
    await s.member(room, "ann");
    await s.connect(s.name("ann"), SUBPROTOCOL);
    await s.member(room, "bob");
    const query = `room_id=${room}&limit=1`;
    const { json } = await api.call("GET", `/api/clients?${query}`);
    const { total_clients, timestamp, clients, next_cursor } = Object(json);
    assertTimestamp(timestamp);
    assert.ok(total_clients >= 2);
    assert.equal(next_cursor, s.name("ann"));
    const [ann] = clients;
    for (const connection of ann.connections) {
      assertTimestamp(connection.connected_at);
    }
    const shapes = ann.connections.map((connection: object) => ({
      ...connection,
      id: "",
      connected_at: 0,
    }));
    const shape = { id: "", remote_address: "127.0.0.1", connected_at: 0 };
    assert.deepEqual([ann.id, shapes], [s.name("ann"), [
      {
        ...shape,
        ...(s.subprotocol !== undefined && { subprotocol: s.subprotocol }),
        rooms: [room],
        queued_bytes: 0,
      },
      { ...shape, subprotocol: SUBPROTOCOL, rooms: [], queued_bytes: 0 },
    ]]);
    const one = await api.call("GET", `/api/clients/${ann.id}`);
    assert.deepEqual(one.json, ann);
    const missing = await api.call("GET", `/api/clients/${s.name("eve")}`);
    assertHttpError(missing, { status: 404, kind: "CLIENT_NOT_FOUND" });
  });
}

async function testBroadcast(s: Scene): Promise<void> {
  const api = await Api.open(s.baseUrl);
  const client = await s.connect();
  const isPlain = s.subprotocol === undefined;
  for (const message of ["plain text", '{"not":"an envelope"}', ""]) {
    const { status, json } = await api.call("POST", "/api/broadcast", {
      message,
    });
    assert.deepEqual([status, json], [200, { status: "broadcast initiated" }]);
    if (isPlain) {
      await forget(client);
      assert.deepEqual(client.texts.splice(0), [message]);
    } else {
      await assertData(client, "broadcast", { content: message });
    }
  }
  for (const message of [{ text: "hi" }, 7, null, ["a"]]) {
    await api.call("POST", "/api/broadcast", { message });
    await assertData(client, "broadcast", { content: message });
  }
  await assertSilence(client);
  const refused = await api.call("POST", "/api/broadcast", {});
  assertHttpError(refused, { status: 400, kind: "INVALID_FORMAT" });
}

/** Takes a push and fails unless its `data` is this and the time. */
async function assertData(
  client: HubClient,
  type: string,
  expected: Readonly<Record<string, unknown>>,
): Promise<void> {
  const message = await client.take(type);
  const { timestamp } = Object(message.data);
  assertTimestamp(timestamp);
  assertMessage(message, { type, data: { ...expected, timestamp } });
}
