import assert from "node:assert/strict";
import { test } from "node:test";
import { HubError } from "../../../../src/errors.ts";
import { assertError, TestApi } from "../../../fakes/test_api.ts";

test("GET /api/rooms lists the rooms as a bare array", async () => {
  const api = new TestApi();
  api.hub.addRoom("chat:a", { name: "A", memberCount: 3, maxClients: 10 });
  api.hub.addRoom("chat:b");
  const reply = await api.call("GET", "/api/rooms");
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.json, [
    { id: "chat:a", name: "A", member_count: 3, max_clients: 10 },
    { id: "chat:b", name: "chat:b", member_count: 0, max_clients: 0 },
  ]);
  assert.equal(reply.headers.get("link"), null);
  assert.deepEqual(api.hub.argsOf("listRooms"), [{ limit: 100 }]);
});

test("GET /api/rooms links to the next page, which can be followed", async () => {
  const api = new TestApi();
  api.hub.addRoom("r");
  api.hub.nextCursor = 'a:b&c="d">';
  const first = await api.call("GET", "/api/rooms?limit=2");
  const link = /^<([^>]+)>; rel="next"$/.exec(first.headers.get("link") ?? "");
  assert.ok(link?.[1], String(first.headers.get("link")));
  await api.call("GET", link[1]);
  assert.deepEqual(api.hub.calls.at(-1)?.args, [
    { cursor: 'a:b&c="d">', limit: 2 },
  ]);
});

for (
  const query of [
    "limit=0",
    "limit=1001",
    "limit=-1",
    "limit=1.5",
    "limit=many",
    "limit=",
    "limit=NaN",
    "limit=1e999",
    "limit=1&limit=2",
    "cursor=",
    `cursor=${"x".repeat(513)}`,
    "limt=5",
    "__proto__=1",
  ]
) {
  test(`GET /api/rooms refuses ?${query.slice(0, 20)}`, async () => {
    const api = new TestApi();
    const reply = await api.call("GET", `/api/rooms?${query}`);
    const details = assertError(reply, { status: 400, code: 1001 });
    assert.equal(Object(details)[0].in, "query");
    assert.deepEqual(api.hub.calls, []);
  });
}

test("POST /api/rooms makes a room and says where it is", async () => {
  const api = new TestApi();
  const reply = await api.call("POST", "/api/rooms", {
    json: { id: "chat:lobby", name: "The lobby", max_clients: 5 },
  });
  assert.equal(reply.status, 201);
  assert.deepEqual(reply.json, { status: "room created" });
  const location = reply.headers.get("location");
  assert.equal(location, "/api/rooms/chat%3Alobby");
  assert.deepEqual((await api.call("GET", location)).json, {
    id: "chat:lobby",
    name: "The lobby",
    member_count: 0,
    max_clients: 5,
  });
});

test("POST /api/rooms leaves to the hub what is not said", async () => {
  const api = new TestApi();
  await api.call("POST", "/api/rooms", { json: { id: "r" } });
  assert.deepEqual(api.hub.argsOf("createRoom"), [
    { id: "r", name: undefined, maxClients: undefined },
  ]);
});

test("POST /api/rooms answers 409 for a room that is there", async () => {
  const api = new TestApi();
  api.hub.addRoom("r");
  const reply = await api.call("POST", "/api/rooms", { json: { id: "r" } });
  assertError(reply, { status: 409, code: 3001 });
});

test("POST /api/rooms answers 429 where there are too many", async () => {
  const api = new TestApi();
  api.hub.failure = { thrown: new HubError("TOO_MANY") };
  const reply = await api.call("POST", "/api/rooms", { json: { id: "r" } });
  assertError(reply, { status: 429, code: 4003 });
});

for (const id of ["", "a b", "a/b", "ä", "x".repeat(129), "a\n", "\u0000"]) {
  const shown = JSON.stringify(id).slice(0, 12);
  test(`POST /api/rooms refuses the id ${shown} as such`, async () => {
    const api = new TestApi();
    const reply = await api.call("POST", "/api/rooms", { json: { id } });
    assertError(reply, { status: 400, code: 3005 });
    assert.deepEqual(api.hub.calls, []);
  });
}

const MALFORMED: readonly (readonly [field: string, body: unknown])[] = [
  ["id", {}],
  ["id", { id: 7 }],
  ["id", { id: null }],
  ["name", { id: "r", name: "" }],
  ["name", { id: "r", name: "x".repeat(257) }],
  ["max_clients", { id: "r", max_clients: -1 }],
  ["max_clients", { id: "r", max_clients: 1.5 }],
  ["max_clients", { id: "r", max_clients: 1e308 }],
  ["max_clients", { id: "r", max_clients: "5" }],
  ["", { id: "r", max_client: 5 }],
  ["", [{ id: "r" }]],
  ["", "r"],
  ["", null],
];

for (const [field, json] of MALFORMED) {
  const shown = JSON.stringify(json).slice(0, 40);
  test(`POST /api/rooms names what is wrong with ${shown}`, async () => {
    const api = new TestApi();
    const reply = await api.call("POST", "/api/rooms", { json });
    const details = assertError(reply, { status: 400, code: 1001 });
    const [{ in: place, field: named, problem }] = Object(details);
    assert.deepEqual({ place, named }, { place: "body", named: field });
    assert.equal(typeof problem, "string");
    assert.deepEqual(api.hub.calls, []);
  });
}

test("POST /api/rooms names all fields at once, a room id among them", async () => {
  const reply = await new TestApi().call("POST", "/api/rooms", {
    json: { id: "a b", name: "", max_clients: -1 },
  });
  const details: unknown = assertError(reply, { status: 400, code: 1001 });
  assert.ok(Array.isArray(details));
  assert.deepEqual(details.map((it) => Object(it).field), [
    "id",
    "name",
    "max_clients",
  ]);
});

test("POST /api/rooms keeps its answer small whatever the body", async () => {
  const api = new TestApi();
  const keys = Array.from({ length: 500 }, (_, i) => `${"k".repeat(50)}${i}`);
  const reply = await api.call("POST", "/api/rooms", {
    json: Object.fromEntries(keys.map((key) => [key, 1])),
  });
  assertError(reply, { status: 400, code: 1001 });
  assert.ok(reply.text.length < 2_000, String(reply.text.length));
});

test("GET /api/rooms/{id} reads an id that is percent-encoded", async () => {
  const api = new TestApi();
  api.hub.addRoom("chat:lobby");
  for (const path of ["chat:lobby", "chat%3Alobby", "%63hat%3alobby"]) {
    const reply = await api.call("GET", `/api/rooms/${path}`);
    assert.equal(Object(reply.json).id, "chat:lobby", path);
  }
});

for (
  const path of ["a%2Fb", "a%20b", "%00", "%252e", "%F0%9F%98%80", "a%0Ab", "%"]
) {
  test(`/api/rooms/${path} is no room id`, async () => {
    const api = new TestApi();
    for (const method of ["GET", "DELETE"]) {
      const reply = await api.call(method, `/api/rooms/${path}`);
      assertError(reply, { status: 400, code: 3005 });
    }
    assert.deepEqual(api.hub.calls, []);
  });
}

test("/api/rooms/{id} is 404 for a room that is not there, by every method", async () => {
  const api = new TestApi();
  for (
    const [method, path, json] of [
      ["GET", "/api/rooms/none"],
      ["DELETE", "/api/rooms/none"],
      ["GET", "/api/rooms/none/members"],
      ["POST", "/api/rooms/none/messages", { content: 1 }],
      ["GET", "/api/rooms/__proto__"],
      ["GET", "/api/rooms/constructor"],
    ] as const
  ) {
    const reply = await api.call(method, path, { json });
    assertError(reply, { status: 404, code: 3000 });
  }
});

test("DELETE /api/rooms/{id} removes the room", async () => {
  const api = new TestApi();
  api.hub.addRoom("r");
  const reply = await api.call("DELETE", "/api/rooms/r");
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.json, { status: "room deleted" });
  assert.equal(api.hub.rooms.size, 0);
});

test("GET /api/rooms/{id}/members lists who is in, and how many there are", async () => {
  const api = new TestApi();
  api.hub.addRoom("r", { memberCount: 7 });
  api.hub.members.push(
    { clientId: "a", joinedAt: 1 },
    { clientId: "b", userId: "b", username: "Bee", joinedAt: 2 },
  );
  api.hub.nextCursor = "b";
  const reply = await api.call("GET", "/api/rooms/r/members?limit=2&cursor=0");
  assert.deepEqual(reply.json, {
    room_id: "r",
    members: [
      { client_id: "a", joined_at: 1 },
      { client_id: "b", user_id: "b", username: "Bee", joined_at: 2 },
    ],
    count: 7,
    next_cursor: "b",
  });
  assert.deepEqual(api.hub.argsOf("listMembers"), [
    "r",
    { cursor: "0", limit: 2 },
  ]);
});
