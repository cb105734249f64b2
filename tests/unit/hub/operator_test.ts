import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorName, HubError } from "../../../src/errors.ts";
import { HUBBUB_V1_JSON } from "../../../src/protocol/dialects.ts";
import { FakeConn } from "../../fakes/fake_conn.ts";
import { TestHub } from "../../fakes/test_hub.ts";

function refuses(kind: ErrorName) {
  return (error: unknown) => error instanceof HubError && error.kind === kind;
}

/** Ann and Bob, who has an account, two connections, and speaks the subprotocol on one of them. */
function createHub() {
  const test = new TestHub();
  const ann = test.connect("ann");
  const bob = { clientId: "bob", userId: "bob", username: "Bob" };
  const phone = test.connectBy(new FakeConn(), bob);
  const laptop = test.connectBy(new FakeConn(), {
    ...bob,
    dialect: HUBBUB_V1_JSON,
  });
  return { test, operator: test.operator, ann, phone, laptop };
}

test("Operator counts clients, connections and rooms", () => {
  const { operator } = createHub();
  operator.createRoom({ id: "lobby" });
  assert.equal(operator.clientCount, 2);
  assert.equal(operator.connectionCount, 3);
  assert.equal(operator.roomCount, 1);
});

test("createRoom() and roomInfo() describe a room alike", () => {
  const { test, operator, ann } = createHub();
  const info = { id: "lobby", name: "Lobby", memberCount: 0, maxClients: 9 };
  assert.deepEqual(
    operator.createRoom({ id: "lobby", name: "Lobby", maxClients: 9 }),
    info,
  );
  test.join("lobby", ann);
  assert.deepEqual(operator.roomInfo("lobby"), { ...info, memberCount: 1 });
  assert.throws(
    () => operator.createRoom({ id: "lobby" }),
    refuses("ROOM_EXISTS"),
  );
  assert.throws(
    () => operator.createRoom({ id: "a b" }),
    refuses("INVALID_ROOM_ID"),
  );
  assert.throws(() => operator.roomInfo("none"), refuses("ROOM_NOT_FOUND"));
});

test("deleteRoom() tells the members", () => {
  const { test, operator, ann } = createHub();
  test.join("lobby", ann);
  operator.deleteRoom("lobby");
  test.clock.tick();
  assert.deepEqual(ann.conn.types, ["room_deleted"]);
  assert.equal(operator.roomCount, 0);
  assert.throws(() => operator.deleteRoom("lobby"), refuses("ROOM_NOT_FOUND"));
});

test("listRooms() shows every room once, page by page, by id", () => {
  const { operator } = createHub();
  for (const id of ["c", "a", "e", "B", "d"]) operator.createRoom({ id });
  const seen: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = operator.listRooms({ cursor, limit: 2 });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    pages++;
  } while (cursor !== undefined && pages < 10);
  assert.deepEqual(seen, ["B", "a", "c", "d", "e"]);
  assert.equal(pages, 3);
  assert.deepEqual(
    operator.listRooms({ cursor: "d", limit: 1 }),
    { items: [{ id: "e", name: "e", memberCount: 0, maxClients: 0 }] },
  );
  assert.deepEqual(operator.listRooms({ cursor: "z", limit: 1 }), {
    items: [],
  });
});

test("listRooms() repeats none and misses none that stays while others come and go", () => {
  const { operator } = createHub();
  for (const id of ["b", "d", "f", "h"]) operator.createRoom({ id });
  const first = operator.listRooms({ limit: 2 });
  operator.deleteRoom("d");
  operator.createRoom({ id: "a" });
  operator.createRoom({ id: "e" });
  const second = operator.listRooms({ cursor: first.nextCursor, limit: 9 });
  assert.deepEqual(first.items.map(({ id }) => id), ["b", "d"]);
  assert.deepEqual(second.items.map(({ id }) => id), ["e", "f", "h"]);
});

test("listMembers() shows each client once, with its account", () => {
  const { test, operator, ann, phone, laptop } = createHub();
  test.join("lobby", phone, laptop, ann);
  const joinedAt = test.clock.wallMs();
  assert.deepEqual(operator.listMembers("lobby", { limit: 9 }), {
    items: [
      { clientId: "ann", joinedAt },
      { clientId: "bob", userId: "bob", username: "Bob", joinedAt },
    ],
  });
  assert.deepEqual(
    operator.listMembers("lobby", { limit: 1 }).nextCursor,
    "ann",
  );
  assert.throws(
    () => operator.listMembers("none", { limit: 9 }),
    refuses("ROOM_NOT_FOUND"),
  );
});

test("publish() reaches every member, and says who sent it only where somebody did", () => {
  const { test, operator, ann, phone } = createHub();
  test.join("lobby", ann, phone);
  ann.conn.clear();
  assert.equal(operator.publish("lobby", { a: 1 }), 2);
  assert.equal(operator.publish("lobby", "x", { senderId: "backend" }), 2);
  test.clock.tick();
  const timestamp = test.clock.wallMs();
  for (const { conn } of [ann, phone]) {
    assert.deepEqual(conn.texts, [
      `{"message_id":0,"message_type":"room_message","data":{"room_id":"lobby","content":{"a":1},"timestamp":${timestamp}},"timestamp":${timestamp}}`,
      `{"message_id":0,"message_type":"room_message","data":{"room_id":"lobby","content":"x","sender_id":"backend","timestamp":${timestamp}},"timestamp":${timestamp}}`,
    ]);
  }
  assert.throws(() => operator.publish("none", 1), refuses("ROOM_NOT_FOUND"));
});

test("publish(), sendToClient() and broadcast() send nothing that is too large or no JSON", () => {
  const { test, operator, ann, phone, laptop } = createHub();
  test.join("lobby", ann, phone);
  for (const conn of [ann.conn, phone.conn]) conn.clear();
  const large = "x".repeat(65_536);
  for (
    const [content, kind] of [
      [large, "MESSAGE_TOO_LARGE"],
      [1n, "INVALID_FORMAT"],
    ] as const
  ) {
    assert.throws(() => operator.publish("lobby", content), refuses(kind));
    assert.throws(() => operator.sendToClient("ann", content), refuses(kind));
    assert.throws(() => operator.broadcast(content), refuses(kind));
  }
  assert.throws(
    () => operator.broadcast(large, { raw: true }),
    refuses("MESSAGE_TOO_LARGE"),
  );
  test.clock.tick();
  for (const { conn } of [ann, phone, laptop]) {
    assert.deepEqual(conn.texts, []);
  }
});

test("broadcast() reaches every connection in an envelope", () => {
  const { test, operator, ann, phone, laptop } = createHub();
  assert.equal(operator.broadcast("hi", { senderId: "ops" }), 3);
  test.clock.tick();
  const timestamp = test.clock.wallMs();
  for (const { conn } of [ann, phone, laptop]) {
    assert.deepEqual(conn.texts, [
      `{"message_id":0,"message_type":"broadcast","data":{"content":"hi","sender_id":"ops","timestamp":${timestamp}},"timestamp":${timestamp}}`,
    ]);
  }
});

test("broadcast() with raw gives plain clients the text alone, and others an envelope", () => {
  const { test, operator, ann, phone, laptop } = createHub();
  assert.equal(operator.broadcast('say "hi"\n', { raw: true }), 3);
  test.clock.tick();
  for (const { conn } of [ann, phone]) {
    assert.deepEqual(conn.texts, ['say "hi"\n']);
  }
  assert.deepEqual(laptop.conn.types, ["broadcast"]);
  assert.equal(test.hub.counters.messagesOut.of("broadcast").count, 3);
});

test("broadcast() with raw of anything but a string is an envelope for all", () => {
  const { test, operator, ann, laptop } = createHub();
  assert.equal(operator.broadcast({ a: 1 }, { raw: true }), 3);
  test.clock.tick();
  for (const { conn } of [ann, laptop]) {
    assert.deepEqual(conn.types, ["broadcast"]);
  }
});

test("broadcast() with raw shares one frame, and its size limit is that of the text", () => {
  const { test, operator, ann, phone, laptop } = createHub();
  laptop.connection.closed(1000, "");
  assert.equal(operator.broadcast("x".repeat(65_536), { raw: true }), 2);
  test.clock.tick();
  assert.equal(ann.conn.writes[0], phone.conn.writes[0]);
  assert.throws(
    () => operator.broadcast("x".repeat(65_537), { raw: true }),
    refuses("MESSAGE_TOO_LARGE"),
  );
});

test("sendToClient() and sendToUser() reach every connection of the client alone", () => {
  const { test, operator, ann, phone, laptop } = createHub();
  assert.equal(operator.sendToClient("bob", 1), 2);
  assert.equal(operator.sendToUser("bob", 2, { senderId: "backend" }), 2);
  assert.equal(operator.sendToUser("ann", 3), 1);
  test.clock.tick();
  const timestamp = test.clock.wallMs();
  for (const { conn } of [phone, laptop]) {
    assert.deepEqual(conn.messages.map(({ data }) => data), [
      { content: 1, timestamp },
      { content: 2, sender_id: "backend", timestamp },
    ]);
    assert.deepEqual(conn.types, ["direct_message", "direct_message"]);
  }
  assert.deepEqual(ann.conn.messages.map(({ data }) => data), [
    { content: 3, timestamp },
  ]);
  for (const send of [operator.sendToClient, operator.sendToUser]) {
    assert.throws(
      () => send.call(operator, "none", 1),
      refuses("CLIENT_NOT_FOUND"),
    );
  }
});

test("clientInfo() shows every connection of a client", () => {
  const { test, operator, phone, laptop } = createHub();
  test.join("lobby", laptop);
  test.hub.join(laptop.connection, "news");
  laptop.conn.bufferedAmount = 77;
  const shared = {
    remoteAddress: "127.0.0.1",
    connectedAt: 1_700_000_000_000,
  };
  assert.deepEqual(operator.clientInfo("bob"), {
    id: "bob",
    userId: "bob",
    username: "Bob",
    connections: [
      {
        ...shared,
        id: phone.connection.id,
        subprotocol: undefined,
        rooms: [],
        queuedBytes: 0,
      },
      {
        ...shared,
        id: laptop.connection.id,
        subprotocol: "hubbub.v1.json",
        rooms: ["lobby", "news"],
        queuedBytes: 77,
      },
    ],
  });
  assert.throws(() => operator.clientInfo("none"), refuses("CLIENT_NOT_FOUND"));
  assert.throws(
    () => operator.clientInfo("__proto__"),
    refuses("CLIENT_NOT_FOUND"),
  );
});

test("listClients() filters by room and by user, page by page", () => {
  const { test, operator, ann, phone } = createHub();
  test.connect("carl");
  test.join("lobby", ann, phone);
  const ids = (request: Parameters<typeof operator.listClients>[0]) => {
    const { items, nextCursor } = operator.listClients(request);
    return [items.map(({ id }) => id), nextCursor];
  };
  assert.deepEqual(ids({ limit: 9 }), [["ann", "bob", "carl"], undefined]);
  assert.deepEqual(ids({ limit: 2 }), [["ann", "bob"], "bob"]);
  assert.deepEqual(ids({ limit: 2, cursor: "bob" }), [["carl"], undefined]);
  assert.deepEqual(ids({ limit: 9, userId: "bob" }), [["bob"], undefined]);
  assert.deepEqual(ids({ limit: 9, userId: "none" }), [[], undefined]);
  assert.deepEqual(ids({ limit: 9, roomId: "lobby" }), [
    ["ann", "bob"],
    undefined,
  ]);
  assert.deepEqual(ids({ limit: 1, roomId: "lobby", userId: "bob" }), [
    ["bob"],
    undefined,
  ]);
  assert.throws(
    () => operator.listClients({ limit: 9, roomId: "none" }),
    refuses("ROOM_NOT_FOUND"),
  );
});

test("kick() closes all connections of a client with 4503", () => {
  const { operator, ann, phone, laptop } = createHub();
  assert.equal(operator.kick("bob"), 2);
  for (const { conn } of [phone, laptop]) {
    assert.deepEqual(conn.closedWith, { code: 4503, reason: "kicked" });
  }
  assert.equal(ann.connection.state, "open");
  assert.throws(() => operator.kick("bob"), refuses("CLIENT_NOT_FOUND"));
});

test("kick() of one connection leaves the client's others alone", () => {
  const { operator, ann, phone, laptop } = createHub();
  assert.equal(
    operator.kick("bob", { connectionId: phone.connection.id }),
    1,
  );
  assert.equal(phone.conn.closedWith?.code, 4503);
  assert.equal(laptop.connection.state, "open");
  for (const connectionId of [phone.connection.id, ann.connection.id, "none"]) {
    assert.throws(
      () => operator.kick("bob", { connectionId }),
      refuses("CLIENT_NOT_FOUND"),
    );
  }
});
