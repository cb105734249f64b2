import assert from "node:assert/strict";
import { type ErrorName, ERRORS } from "../../../src/errors.ts";
import { MetricsReading } from "../../fakes/hub_process.ts";
import { until } from "../../fakes/until.ts";
import {
  Api,
  type ApiReply,
  assertTimestamp,
  Scene,
  SUBPROTOCOL,
  type Target,
  testTarget,
} from "./scene.ts";

/** Every path that docs/protocol.md promises. */
const PATHS = [
  "/api/admin/reload",
  "/api/broadcast",
  "/api/clients",
  "/api/clients/{id}",
  "/api/nodes",
  "/api/rooms",
  "/api/rooms/{id}",
  "/api/rooms/{id}/members",
  "/api/rooms/{id}/messages",
  "/api/stats",
  "/api/users/{id}/messages",
  "/health",
  "/health/live",
  "/health/ready",
  "/metrics",
  "/ws",
];

const METRICS = [
  "hubbub_bytes_in_total",
  "hubbub_bytes_out_total",
  "hubbub_clients",
  "hubbub_connections",
  "hubbub_connections_closed_total",
  "hubbub_connections_opened_total",
  "hubbub_delivery_latency_seconds",
  "hubbub_errors_total",
  "hubbub_event_loop_lag_seconds",
  "hubbub_gc_cycles_total",
  "hubbub_heap_used_bytes",
  "hubbub_messages_in_total",
  "hubbub_messages_out_total",
  "hubbub_queue_bytes",
  "hubbub_rooms",
  "hubbub_rss_bytes",
  "hubbub_slow_consumers_total",
];

/** Health, metrics, reference, pages, and how requests are refused. */
export function testHttp(target: Target): void {
  testTarget(target, "GET /health says ok", async (baseUrl) => {
    const api = await Api.open(baseUrl);
    for (const path of ["/health", "/health/live", "/health/ready"]) {
      const { status, json } = await api.call("GET", path);
      const { version, node_id, uptime_s } = Object(json);
      assert.deepEqual([status, json], [200, {
        status: "ok",
        version,
        node_id,
        uptime_s,
        bus: "none",
        store: "none",
      }]);
      assert.match(version, /^\d+\.\d+\.\d+/);
      assert.notEqual(node_id, "");
      assert.ok(Number.isInteger(uptime_s));
    }
  });

  testTarget(target, "GET /metrics counts what happens", async (baseUrl) => {
    const api = await Api.open(baseUrl);
    const before = await scrape(api);
    for (const name of METRICS) assert.ok(before.families.has(name), name);
    for (const name of before.families.keys()) assert.match(name, /^hubbub_/);
    using scene = new Scene(baseUrl, undefined);
    const room = scene.name("lobby");
    const ann = await scene.member(room, "ann");
    await scene.member(room, "bob");
    for (let i = 0; i < 5; i++) {
      ann.send("room_message", { room_id: room, content: "x".repeat(1_000) });
    }
    ann.send("no_such_type");
    await ann.take("error");
    const after = await scrape(api);
    const moved = (sample: string) =>
      after.value(sample) - before.value(sample);
    assert.equal(moved("hubbub_connections_opened_total"), 2);
    assert.equal(moved('hubbub_messages_in_total{type="room_message"}'), 5);
    assert.equal(moved('hubbub_messages_out_total{type="room_message"}'), 5);
    assert.equal(moved('hubbub_messages_in_total{type="unknown"}'), 1);
    assert.equal(moved('hubbub_errors_total{code="1006"}'), 1);
    assert.equal(moved("hubbub_rooms_created_total"), 1);
    assert.ok(moved("hubbub_bytes_in_total") > 5_000);
    assert.ok(moved("hubbub_bytes_out_total") > 5_000);
    assert.ok(moved("hubbub_delivery_latency_seconds_count") >= 5);
    assert.ok(after.value("hubbub_connections") >= 2);
    assert.ok(after.value("hubbub_rooms") >= 1);
    assert.ok(after.value("hubbub_rss_bytes") > 10_000_000);
    assert.ok(after.value("hubbub_uptime_seconds") > 0);
    const closedSample = 'hubbub_connections_closed_total{code="1000"}';
    await ann.close();
    // The hub counts when its side of TCP is done, which a client does not see.
    await until(async () =>
      (await scrape(api)).value(closedSample) > after.value(closedSample)
    );
  });

  testTarget(target, "GET /openapi.json names every path", async (baseUrl) => {
    const { document } = await Api.open(baseUrl);
    assert.deepEqual(Object.keys(document.paths).sort(), PATHS);
  });

  testTarget(target, "pages are there, whole and alone", async (baseUrl) => {
    const api = await Api.open(baseUrl);
    for (const path of ["/", "/docs"]) {
      const page = await api.raw("GET", path);
      assert.equal(page.status, 200);
      assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
      assert.match(
        page.headers.get("content-security-policy") ?? "",
        /default-src 'none'/,
      );
      const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)];
      const assets = links.flatMap(([, link = ""]) =>
        /\.(js|css)$/.test(link) ? [new URL(link, baseUrl + path)] : []
      );
      assert.ok(assets.length >= 2, "script and style are files of their own");
      for (const asset of assets) {
        assert.equal(asset.origin, baseUrl);
        const { status, text } = await api.raw("GET", asset.pathname);
        assert.equal(status, 200, asset.pathname);
        assert.ok(text.length > 100);
      }
    }
  });

  testTarget(target, "every answer names its request", async (baseUrl) => {
    const api = await Api.open(baseUrl);
    const { headers } = await api.raw("GET", "/health");
    assert.match(headers.get("x-request-id") ?? "", /^[\w-]{8,}$/);
    const given = await api.raw("GET", "/api/nowhere", {
      headers: { "x-request-id": "req-1" },
    });
    assert.equal(given.headers.get("x-request-id"), "req-1");
  });

  testTarget(
    target,
    "HTTP errors are JSON of the registry",
    async (baseUrl) => {
      const api = await Api.open(baseUrl);
      const json = { "content-type": "application/json" };
      const cases: [ApiReply, number, ErrorName][] = [
        [await api.raw("GET", "/nowhere"), 404, "UNKNOWN_MESSAGE_TYPE"],
        [await api.raw("GET", "/api/nowhere"), 404, "UNKNOWN_MESSAGE_TYPE"],
        [await api.raw("PUT", "/api/rooms"), 405, "UNKNOWN_MESSAGE_TYPE"],
        [await api.raw("GET", "/ws"), 426, "INVALID_FORMAT"],
        [
          await api.raw("POST", "/api/rooms", { headers: json, body: "{" }),
          400,
          "INVALID_FORMAT",
        ],
        [
          await api.call("POST", "/api/rooms", { idd: 1 }),
          400,
          "INVALID_FORMAT",
        ],
        [
          await api.raw("POST", "/api/rooms", {
            headers: { "content-type": "text/plain" },
            body: "{}",
          }),
          415,
          "INVALID_FORMAT",
        ],
        [
          await api.raw("POST", "/api/broadcast", {
            headers: json,
            body: JSON.stringify({ message: "x".repeat(1_100_000) }),
          }),
          413,
          "MESSAGE_TOO_LARGE",
        ],
      ];
      for (const [reply, status, kind] of cases) {
        assertHttpError(reply, { status, kind });
      }
      const { headers } = await api.raw("PUT", "/api/rooms");
      assert.match(headers.get("allow") ?? "", /GET.*POST/);
    },
  );

  testTarget(target, "GET /api/stats and /api/nodes", async (baseUrl) => {
    const api = await Api.open(baseUrl);
    using scene = new Scene(baseUrl, SUBPROTOCOL);
    await scene.member(scene.name("lobby"), "ann");
    const { json: nodes } = await api.call("GET", "/api/nodes");
    const { json: stats } = await api.call("GET", "/api/stats");
    const { clients, rooms, started_at } = Object(Object(nodes)[0]);
    assert.ok(clients >= 1 && rooms >= 1);
    assertTimestamp(started_at);
    const { client_count, room_count, timestamp } = Object(stats);
    assertTimestamp(timestamp);
    assert.deepEqual(stats, {
      client_count: clients,
      room_count: rooms,
      timestamp,
      cluster_mode: "standalone",
      nodes,
    });
    assert.deepEqual([client_count, room_count], [clients, rooms]);
  });

  testTarget(target, "POST /api/admin/reload finds no change", async (url) => {
    const api = await Api.open(url);
    const { status, json } = await api.call("POST", "/api/admin/reload");
    assert.deepEqual([status, json], [200, {
      status: "unchanged",
      changed: [],
      needs_restart: [],
    }]);
  });
}

/** Fails unless the answer is this error. */
export function assertHttpError(
  reply: ApiReply,
  expected: { readonly status: number; readonly kind: ErrorName },
): void {
  const { code, text: message } = ERRORS[expected.kind];
  const { details } = Object(reply.json);
  assert.deepEqual([reply.status, reply.json], [expected.status, {
    code,
    message,
    ...(details !== undefined && { details }),
  }]);
}

async function scrape(api: Api): Promise<MetricsReading> {
  return new MetricsReading((await api.call("GET", "/metrics")).text);
}
