import assert from "node:assert/strict";
import { test } from "node:test";
import { TestApi } from "../../../fakes/test_api.ts";

test("/health says who the node is and for how long it is up", async () => {
  const api = new TestApi();
  api.clock.advance(12_900);
  const reply = await api.call("GET", "/health");
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.json, {
    status: "ok",
    version: "1.2.3",
    node_id: "node-1",
    uptime_s: 12,
    bus: "none",
    store: "none",
  });
});

test("/health keeps its uptime when the wall clock is set", async () => {
  const api = new TestApi();
  api.clock.advance(5_000);
  api.clock.wallOffsetMs -= 3_600_000;
  const { uptime_s: uptimeS } = Object(
    (await api.call("GET", "/health")).json,
  );
  assert.equal(uptimeS, 5);
});

test("/health counts from the node's start, not from the application's", async () => {
  const api = new TestApi({ startedAtMs: 1_700_000_000_000 - 7_000 });
  const { uptime_s: uptimeS } = Object(
    (await api.call("GET", "/health")).json,
  );
  assert.equal(uptimeS, 7);
});

for (const state of ["starting", "draining"] as const) {
  test(`/health and /health/ready answer 503 while ${state}, /health/live 200`, async () => {
    const api = new TestApi();
    api.state = state;
    for (
      const [path, status] of [
        ["/health", 503],
        ["/health/ready", 503],
        ["/health/live", 200],
      ] as const
    ) {
      const reply = await api.call("GET", path);
      assert.equal(reply.status, status, path);
      assert.equal(Object(reply.json).status, state, path);
    }
  });
}

test("/health is open to anybody, key or not, and is never cached", async () => {
  const api = new TestApi();
  api.settings = { ...api.settings, apiKey: "secret" };
  for (const path of ["/health", "/health/live", "/health/ready", "/metrics"]) {
    const reply = await api.call("GET", path, { remoteAddress: "192.0.2.9" });
    assert.equal(reply.status, 200, path);
    assert.equal(reply.headers.get("cache-control"), "no-store", path);
  }
});
