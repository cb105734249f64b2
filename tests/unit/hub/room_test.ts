import assert from "node:assert/strict";
import { test } from "node:test";
import { HubError } from "../../../src/errors.ts";
import { CLOSES, type ErrorName } from "../../../src/errors.ts";
import { ROOM_DEFAULTS, TestHub } from "../../fakes/test_hub.ts";

function refuses(kind: ErrorName, details?: unknown) {
  return (error: unknown) => {
    assert.ok(error instanceof HubError, String(error));
    assert.equal(error.kind, kind);
    assert.deepEqual(error.details, details);
    return true;
  };
}

test("join() tells the members, and not the one who joins", () => {
  const test = new TestHub();
  const [ann, bob] = [test.connect("ann"), test.connect("bob")];
  test.join("lobby", ann);
  test.hub.join(bob.connection, "lobby");
  test.clock.tick();
  assert.deepEqual(ann.conn.messages, [{
    message_id: 0,
    message_type: "member_joined",
    data: { room_id: "lobby", client_id: "bob" },
  }]);
  assert.deepEqual(bob.conn.messages, []);
});

test("join() and leave() tell the account and name of who has one", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  const bob = test.connectBy(test.connect("spare").conn, {
    clientId: "bob",
    userId: "bob",
    username: "Bob",
  });
  test.join("lobby", ann);
  test.hub.join(bob.connection, "lobby");
  test.hub.rooms.get("lobby").leave(bob.connection, "left");
  test.clock.tick();
  assert.deepEqual(ann.conn.messages.map(({ data }) => data), [
    { room_id: "lobby", client_id: "bob", user_id: "bob", username: "Bob" },
    { room_id: "lobby", client_id: "bob", user_id: "bob", reason: "left" },
  ]);
});

test("Room takes a client in with its first connection and lets it go with its last", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  test.join("lobby", ann);
  const tabs = [test.connect("bob"), test.connect("bob"), test.connect("bob")];
  for (const { connection } of tabs) test.hub.join(connection, "lobby");
  test.clock.tick();
  const room = test.hub.rooms.get("lobby");
  assert.equal(room.memberCount, 2);
  assert.deepEqual(ann.conn.types, ["member_joined"]);
  // Nobody hears of itself.
  assert.deepEqual(tabs.map(({ conn }) => conn.types), [[], [], []]);
  const [first, second, third] = tabs;
  assert.ok(first && second && third);
  assert.ok(room.leave(first.connection, "left"));
  second.connection.closed(1006, "");
  test.clock.tick();
  assert.deepEqual(ann.conn.types, ["member_joined"]);
  assert.equal(room.memberCount, 2);
  third.connection.close(CLOSES.NORMAL);
  test.clock.tick();
  assert.deepEqual(ann.conn.types, ["member_joined", "member_left"]);
  assert.equal(room.memberCount, 1);
});

test("leave() tells the others why", () => {
  for (
    const [code, reason] of [
      ["KICKED", "kicked"],
      ["REPLACED", "replaced"],
      ["SLOW_CONSUMER", "slow_consumer"],
      ["HEARTBEAT_TIMEOUT", "timeout"],
      ["NORMAL", "disconnected"],
      ["TOO_BIG", "disconnected"],
    ] as const
  ) {
    const test = new TestHub();
    const [ann, bob] = [test.connect("ann"), test.connect("bob")];
    test.join("lobby", ann, bob);
    ann.conn.clear();
    bob.connection.close(CLOSES[code]);
    test.clock.tick();
    assert.deepEqual(ann.conn.messages, [{
      message_id: 0,
      message_type: "member_left",
      data: { room_id: "lobby", client_id: "bob", reason },
    }]);
  }
});

test("Room without presence tells nobody of who comes and goes", () => {
  const test = new TestHub({
    roomDefaults: { ...ROOM_DEFAULTS, presence: false },
  });
  const [ann, bob] = [test.connect("ann"), test.connect("bob")];
  test.join("lobby", ann, bob);
  bob.connection.close(CLOSES.NORMAL);
  test.clock.tick();
  assert.deepEqual(ann.conn.messages, []);
});

test("join() takes no connection twice", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  test.join("lobby", ann);
  assert.throws(
    () => test.hub.join(ann.connection, "lobby"),
    refuses("ALREADY_IN_ROOM"),
  );
  assert.equal(test.hub.rooms.get("lobby").memberCount, 1);
});

test("join() takes no connection that is closing or closed", () => {
  const test = new TestHub();
  const [ann, bob] = [test.connect("ann"), test.connect("bob")];
  ann.connection.close(CLOSES.KICKED);
  bob.connection.closed(1006, "");
  for (const { connection } of [ann, bob]) {
    assert.throws(
      () => test.hub.join(connection, "lobby"),
      refuses("CLIENT_OFFLINE"),
    );
    assert.equal(connection.rooms.size, 0);
  }
  assert.equal(test.hub.rooms.get("lobby").memberCount, 0);
});

test("join() counts clients against max_clients, not connections", () => {
  const test = new TestHub({
    roomDefaults: { ...ROOM_DEFAULTS, maxClients: 2 },
  });
  const tabs = [test.connect("ann"), test.connect("ann"), test.connect("ann")];
  test.join("lobby", ...tabs, test.connect("bob"));
  const room = test.hub.rooms.get("lobby");
  assert.equal(room.memberCount, 2);
  const late = test.connect("late");
  assert.throws(
    () => test.hub.join(late.connection, "lobby"),
    refuses("ROOM_FULL", { max_clients: 2 }),
  );
  assert.equal(late.connection.rooms.size, 0);
  for (const { connection } of tabs) room.leave(connection, "left");
  test.hub.join(late.connection, "lobby");
  assert.deepEqual([...room.members.keys()], ["bob", "late"]);
});

test("leave() is false for who is no member, and tells nobody", () => {
  const test = new TestHub();
  const [ann, bob] = [test.connect("ann"), test.connect("bob")];
  test.join("lobby", ann);
  const room = test.hub.rooms.get("lobby");
  assert.equal(room.leave(bob.connection, "left"), false);
  assert.equal(room.leave(ann.connection, "left"), true);
  assert.equal(room.leave(ann.connection, "left"), false);
  test.clock.tick();
  assert.deepEqual(ann.conn.messages, []);
});

test("send() reaches every connection in the order of the calls, except the one left out", () => {
  const test = new TestHub();
  const tabs = [test.connect("ann"), test.connect("ann")];
  const bob = test.connect("bob");
  test.join("lobby", ...tabs, bob);
  bob.conn.clear();
  tabs[0]?.conn.clear();
  const room = test.hub.rooms.get("lobby");
  const count = room.send({ type: "t", data: 1 }, {
    except: tabs[0]?.connection,
  });
  assert.equal(count, 2);
  assert.equal(room.send({ type: "t", data: 2 }), 3);
  test.clock.tick();
  const seen = [...tabs, bob].map(({ conn }) =>
    conn.messages.map((m) => m["data"])
  );
  assert.deepEqual(seen, [[2], [1, 2], [1, 2]]);
  assert.equal(test.hub.counters.messagesOut.of("t").count, 5);
});

test("send() reaches nobody who has left, and a member who leaves still gets what came before", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  test.join("lobby", ann);
  const room = test.hub.rooms.get("lobby");
  room.send({ type: "t", data: 1 });
  room.leave(ann.connection, "left");
  assert.equal(room.send({ type: "t", data: 2 }), 0);
  test.clock.tick();
  assert.deepEqual(ann.conn.messages.map(({ data }) => data), [1]);
});

test("Room.members and Room.info tell who is in and since when", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  test.clock.advance(1_234);
  test.join("lobby", ann);
  const room = test.hub.rooms.get("lobby");
  assert.equal(room.members.get("ann")?.joinedAtMs, 1_700_000_001_234);
  assert.deepEqual(room.info, {
    id: "lobby",
    name: "lobby",
    memberCount: 1,
    maxClients: 0,
  });
});
