import assert from "node:assert/strict";
import { test } from "node:test";
import { HubError } from "../../../../src/errors.ts";
import { assertError, TestApi } from "../../../fakes/test_api.ts";

const ALICE = {
  id: "alice",
  connections: [{
    id: "alice-1",
    remote_address: "192.0.2.1",
    connected_at: 1_700_000_000_000,
    rooms: ["lobby"],
    queued_bytes: 0,
  }],
};

test("GET /api/clients lists clients and their connections", async () => {
  const api = new TestApi();
  api.hub.addClient("alice");
  api.hub.addClient("bob", {
    userId: "bob",
    username: "Bob",
    connections: [{
      id: "c1",
      remoteAddress: "::1",
      subprotocol: "hubbub.v1.json",
      connectedAt: 5,
      rooms: [],
      queuedBytes: 17,
    }],
  });
  api.hub.nextCursor = "bob";
  const reply = await api.call("GET", "/api/clients");
  assert.deepEqual(reply.json, {
    total_clients: 2,
    timestamp: 1_700_000_000_000,
    clients: [
      ALICE,
      {
        id: "bob",
        user_id: "bob",
        username: "Bob",
        connections: [{
          id: "c1",
          remote_address: "::1",
          subprotocol: "hubbub.v1.json",
          connected_at: 5,
          rooms: [],
          queued_bytes: 17,
        }],
      },
    ],
    next_cursor: "bob",
  });
});

test("GET /api/clients leaves next_cursor out on the last page", async () => {
  const reply = await new TestApi().call("GET", "/api/clients");
  assert.equal("next_cursor" in Object(reply.json), false);
});

test("GET /api/clients hands page and filters on", async () => {
  const api = new TestApi();
  await api.call(
    "GET",
    "/api/clients?cursor=a&limit=7&user_id=u&room_id=chat%3Ar",
  );
  assert.deepEqual(api.hub.argsOf("listClients"), [
    { cursor: "a", limit: 7, userId: "u", roomId: "chat:r" },
  ]);
});

test("GET /api/clients refuses a filter it does not know", async () => {
  const api = new TestApi();
  const reply = await api.call("GET", "/api/clients?userid=u");
  assertError(reply, { status: 400, code: 1001 });
  assert.deepEqual(api.hub.calls, []);
});

test("GET /api/clients refuses a room id that can be none", async () => {
  const reply = await new TestApi().call("GET", "/api/clients?room_id=a%20b");
  assertError(reply, { status: 400, code: 3005 });
});

test("GET /api/clients is 404 for a room that is not there", async () => {
  const api = new TestApi();
  api.hub.failure = { thrown: new HubError("ROOM_NOT_FOUND") };
  const reply = await api.call("GET", "/api/clients?room_id=r");
  assertError(reply, { status: 404, code: 3000 });
});

test("GET /api/clients/{id} shows one client", async () => {
  const api = new TestApi();
  api.hub.addClient("alice");
  assert.deepEqual((await api.call("GET", "/api/clients/alice")).json, ALICE);
  const reply = await api.call("GET", "/api/clients/nobody");
  assertError(reply, { status: 404, code: 4000 });
});

test("DELETE /api/clients/{id} kicks all connections", async () => {
  const api = new TestApi();
  api.hub.addClient("alice");
  const reply = await api.call("DELETE", "/api/clients/alice");
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.json, { status: "client kicked", connections: 1 });
  assert.deepEqual(api.hub.argsOf("kick"), [
    "alice",
    { connectionId: undefined },
  ]);
});

test("DELETE /api/clients/{id} kicks one connection where it is named", async () => {
  const api = new TestApi();
  api.hub.addClient("alice");
  await api.call("DELETE", "/api/clients/alice?connection_id=alice-1");
  assert.deepEqual(api.hub.argsOf("kick"), [
    "alice",
    { connectionId: "alice-1" },
  ]);
});

for (
  const query of [
    "connectionid=c",
    "connection_id=",
    "connection_id=a&connection_id=b",
  ]
) {
  test(`DELETE /api/clients/{id} kicks nobody for ?${query}`, async () => {
    const api = new TestApi();
    api.hub.addClient("alice");
    const reply = await api.call("DELETE", `/api/clients/alice?${query}`);
    assertError(reply, { status: 400, code: 1001 });
    assert.deepEqual(api.hub.calls, []);
  });
}

test("DELETE /api/clients/{id} is 404 for who is not connected", async () => {
  const reply = await new TestApi().call("DELETE", "/api/clients/nobody");
  assertError(reply, { status: 404, code: 4000 });
});
