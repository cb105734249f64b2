import assert from "node:assert/strict";
import { test } from "node:test";
import { TestApi } from "../../../fakes/test_api.ts";

const STARTED_AT_MS = 1_700_000_000_000;

function apiWithPeople(): TestApi {
  const api = new TestApi();
  api.hub.addClient("alice");
  api.hub.addClient("bob");
  api.hub.addRoom("lobby");
  api.clock.advance(1_500);
  return api;
}

const NODE = {
  id: "node-1",
  address: "127.0.0.1:8080",
  clients: 2,
  rooms: 1,
  started_at: STARTED_AT_MS,
  version: "1.2.3",
  state: "ready",
};

test("/api/nodes lists this node", async () => {
  const reply = await apiWithPeople().call("GET", "/api/nodes");
  assert.deepEqual(reply.json, [NODE]);
});

test("/api/nodes tells the state of a node that drains", async () => {
  const api = apiWithPeople();
  api.state = "draining";
  assert.deepEqual((await api.call("GET", "/api/nodes")).json, [
    { ...NODE, state: "draining" },
  ]);
});

test("/api/stats counts clients and rooms", async () => {
  const reply = await apiWithPeople().call("GET", "/api/stats");
  assert.deepEqual(reply.json, {
    client_count: 2,
    room_count: 1,
    timestamp: STARTED_AT_MS + 1_500,
    cluster_mode: "standalone",
    nodes: [NODE],
  });
});
