import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorName, HubError } from "../../../src/errors.ts";
import { CLOSES } from "../../../src/errors.ts";
import { ROOM_DEFAULTS, SETTINGS, TestHub } from "../../fakes/test_hub.ts";

const TTL_MS = ROOM_DEFAULTS.emptyTtlMs;
/** A deadline is kept to a tick of the wheel. */
const TICK_MS = 50;

function refuses(kind: ErrorName, details?: unknown) {
  return (error: unknown) => {
    assert.ok(error instanceof HubError, String(error));
    assert.equal(error.kind, kind);
    assert.deepEqual(error.details, details);
    return true;
  };
}

test("Rooms removes an automatic room empty_ttl after its last member, not before", () => {
  const test = new TestHub({ idleTimeoutMs: 100 * TTL_MS });
  const ann = test.connect("ann");
  test.join("lobby", ann);
  test.clock.advance(5 * TTL_MS);
  assert.equal(test.hub.rooms.count, 1);
  test.hub.rooms.get("lobby").leave(ann.connection, "left");
  test.clock.advance(TTL_MS - 1);
  assert.equal(test.hub.rooms.count, 1);
  test.clock.advance(1 + TICK_MS);
  assert.equal(test.hub.rooms.count, 0);
  assert.equal(test.hub.counters.roomsCreated, 1);
  assert.equal(test.hub.counters.roomsRemoved, 1);
});

test("Rooms keeps an automatic room whose member comes back in time, and its time starts anew", () => {
  const test = new TestHub({ idleTimeoutMs: 100 * TTL_MS });
  const ann = test.connect("ann");
  for (let i = 0; i < 3; i++) {
    test.join("lobby", ann);
    test.clock.advance(TTL_MS * 2);
    const room = test.hub.rooms.get("lobby");
    assert.equal(room.memberCount, 1);
    room.leave(ann.connection, "left");
    test.clock.advance(TTL_MS - 1);
    assert.equal(test.hub.rooms.get("lobby"), room);
  }
});

test("Rooms removes an automatic room with empty_ttl 0 at the next tick of the wheel", () => {
  const test = new TestHub({
    roomDefaults: { ...ROOM_DEFAULTS, emptyTtlMs: 0 },
  });
  const ann = test.connect("ann");
  test.join("lobby", ann);
  ann.connection.close(CLOSES.NORMAL);
  test.clock.advance(TICK_MS);
  assert.equal(test.hub.rooms.count, 0);
});

test("Rooms removes an automatic room whose last member's connection is lost", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  test.join("lobby", ann);
  ann.connection.closed(1006, "");
  test.clock.advance(TTL_MS + TICK_MS);
  assert.equal(test.hub.rooms.count, 0);
  assert.equal(test.hub.wheel.size, 0);
});

test("create() makes a room that stays without members until it is deleted", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  const room = test.hub.rooms.create({ id: "lobby", name: "The lobby" });
  test.join("lobby", ann);
  room.leave(ann.connection, "left");
  test.clock.advance(10 * TTL_MS);
  assert.equal(test.hub.rooms.get("lobby"), room);
  assert.equal(room.name, "The lobby");
  test.hub.rooms.delete("lobby");
  assert.equal(test.hub.rooms.count, 0);
});

test("Rooms removes a room that was made for a join that failed", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  ann.connection.close(CLOSES.NORMAL);
  assert.throws(
    () => test.hub.join(ann.connection, "lobby"),
    refuses("CLIENT_OFFLINE"),
  );
  test.clock.advance(TTL_MS + TICK_MS);
  assert.equal(test.hub.rooms.count, 0);
});

test("getOrCreate() makes rooms only where the namespace says so", () => {
  const test = new TestHub({
    roomDefaults: { ...ROOM_DEFAULTS, autoCreate: false },
    namespaces: new Map([["chat", ROOM_DEFAULTS]]),
  });
  const { rooms } = test.hub;
  assert.throws(() => rooms.getOrCreate("lobby"), refuses("ROOM_NOT_FOUND"));
  assert.equal(rooms.getOrCreate("chat:lobby").isAutomatic, true);
  assert.equal(rooms.getOrCreate("chat:lobby"), rooms.get("chat:lobby"));
});

test("get(), getOrCreate(), create() and delete() tell a malformed id from a missing room", () => {
  const { rooms } = new TestHub().hub;
  for (const id of ["", "a b", "x".repeat(129), "a\n", "__proto__ "]) {
    assert.throws(() => rooms.get(id), refuses("INVALID_ROOM_ID"));
    assert.throws(() => rooms.getOrCreate(id), refuses("INVALID_ROOM_ID"));
    assert.throws(() => rooms.create({ id }), refuses("INVALID_ROOM_ID"));
    assert.throws(() => rooms.delete(id), refuses("INVALID_ROOM_ID"));
  }
  for (const id of ["lobby", "__proto__", "constructor"]) {
    assert.throws(() => rooms.get(id), refuses("ROOM_NOT_FOUND"));
    assert.throws(() => rooms.delete(id), refuses("ROOM_NOT_FOUND"));
  }
  assert.equal(rooms.count, 0);
});

test("create() makes no room twice, also not over an automatic one", () => {
  const test = new TestHub();
  test.join("lobby", test.connect("ann"));
  assert.throws(
    () => test.hub.rooms.create({ id: "lobby" }),
    refuses("ROOM_EXISTS"),
  );
  assert.equal(test.hub.rooms.get("lobby").memberCount, 1);
});

test("Rooms holds the limit for every way to make one, and frees with a removal", () => {
  const test = new TestHub({ maxRooms: 2 });
  const { rooms } = test.hub;
  rooms.create({ id: "a" });
  rooms.getOrCreate("b");
  const full = refuses("TOO_MANY", { max_rooms: 2 });
  assert.throws(() => rooms.create({ id: "c" }), full);
  assert.throws(() => rooms.getOrCreate("c"), full);
  assert.equal(rooms.getOrCreate("b").id, "b");
  rooms.delete("a");
  rooms.create({ id: "c" });
});

test("Room.maxClients comes from its creation, else from the namespace as it is now", () => {
  const test = new TestHub();
  const { hub } = test;
  const own = hub.rooms.create({ id: "own", maxClients: 5 });
  const unlimited = hub.rooms.create({ id: "unlimited", maxClients: 0 });
  const inherited = hub.rooms.create({ id: "inherited" });
  hub.configure({
    ...hub.settings,
    roomDefaults: { ...ROOM_DEFAULTS, maxClients: 3 },
  });
  assert.deepEqual(
    [own, unlimited, inherited].map((room) => room.maxClients),
    [5, 0, 3],
  );
});

test("delete() tells every member, once, and leaves none behind", () => {
  const test = new TestHub();
  const members = ["a", "b", "b"].map((id) => test.connect(id));
  test.join("lobby", ...members);
  for (const { conn } of members) conn.clear();
  test.hub.rooms.delete("lobby");
  test.clock.tick();
  for (const { conn, connection } of members) {
    assert.deepEqual(conn.messages, [{
      message_id: 0,
      message_type: "room_deleted",
      data: { room_id: "lobby" },
    }]);
    assert.equal(connection.rooms.size, 0);
    assert.equal(connection.state, "open");
  }
  assert.throws(
    () => test.hub.rooms.get("lobby"),
    refuses("ROOM_NOT_FOUND"),
  );
  // A new room of the same name knows nothing of the old one.
  test.hub.join(members[0]?.connection ?? assert.fail(), "lobby");
  assert.equal(test.hub.rooms.get("lobby").memberCount, 1);
});

test("delete() leaves out whom it is told to, who is no member afterwards either", () => {
  const test = new TestHub();
  const [ann, bob] = [test.connect("ann"), test.connect("bob")];
  test.join("lobby", ann, bob);
  ann.conn.clear();
  test.hub.rooms.delete("lobby", ann.connection);
  test.clock.tick();
  assert.deepEqual(ann.conn.types, []);
  assert.deepEqual(bob.conn.types, ["room_deleted"]);
  assert.equal(ann.connection.rooms.size, 0);
});

test("delete() of an empty room takes its deadline along", () => {
  const test = new TestHub();
  test.hub.rooms.getOrCreate("lobby");
  assert.equal(test.hub.wheel.size, 1);
  test.hub.rooms.delete("lobby");
  assert.equal(test.hub.wheel.size, 0);
  // Made anew, it lives its whole time.
  test.clock.advance(TTL_MS / 2);
  test.hub.rooms.getOrCreate("lobby");
  test.clock.advance(TTL_MS / 2 + 2 * TICK_MS);
  assert.equal(test.hub.rooms.count, 1);
});

test("configure() gives live rooms what their namespace says now", () => {
  const test = new TestHub();
  const { hub } = test;
  const members = ["a", "b", "c"].map((id) => test.connect(id));
  test.join("chat:1", ...members);
  const chat = {
    ...ROOM_DEFAULTS,
    maxClients: 2,
    slowConsumer: "drop_oldest",
    echo: true,
    presence: false,
  } as const;
  hub.configure({ ...SETTINGS, namespaces: new Map([["chat", chat]]) });
  const room = hub.rooms.get("chat:1");
  assert.equal(room.settings, chat);
  assert.equal(room.slowConsumer, "drop_oldest");
  // Nobody is put out, but nobody comes in.
  assert.equal(room.memberCount, 3);
  assert.throws(
    () => hub.join(test.connect("d").connection, "chat:1"),
    refuses("ROOM_FULL", { max_clients: 2 }),
  );
  hub.configure({ ...SETTINGS, namespaces: new Map() });
  assert.equal(room.settings, ROOM_DEFAULTS);
});

test("configure() shortens the life of rooms that are empty already", () => {
  const test = new TestHub();
  const { hub } = test;
  hub.rooms.getOrCreate("lobby");
  hub.rooms.create({ id: "stays" });
  test.clock.advance(100);
  hub.configure({
    ...SETTINGS,
    roomDefaults: { ...ROOM_DEFAULTS, emptyTtlMs: 1_000 },
  });
  test.clock.advance(1_000 + TICK_MS);
  assert.deepEqual([...hub.rooms.ids()], ["stays"]);
});
