import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Gauge, register } from "prom-client";
import { HubCounters } from "../../../src/hub/counters.ts";
import { Metrics } from "../../../src/telemetry/metrics.ts";
import { parseExposition, valueOf } from "../../fakes/exposition.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

interface Setup extends Disposable {
  readonly clock: FakeClock;
  readonly counters: HubCounters;
  readonly hub: {
    clientCount: number;
    connectionCount: number;
    roomCount: number;
  };
  readonly metrics: Metrics;
  /** The value of a sample now. */
  value(sample: string): Promise<number>;
}

function setUp(): Setup {
  const clock = new FakeClock();
  const counters = new HubCounters();
  const hub = { clientCount: 1, connectionCount: 2, roomCount: 3 };
  const metrics = new Metrics({
    hub,
    counters,
    queueBytes: () => 4,
    version: "1.2.3",
    logEntriesLost: () => 5,
    runtime: {
      name: "deno",
      version: '2\\"\n',
      clock,
      memory: () => ({ rssBytes: 6, heapUsedBytes: 7, heapTotalBytes: 8 }),
      cpuSeconds: () => 9.5,
    },
  });
  return {
    clock,
    counters,
    hub,
    metrics,
    value: async (sample) =>
      valueOf(parseExposition((await metrics.scrape()).body), sample),
    [Symbol.dispose]: () => metrics[Symbol.dispose](),
  };
}

test("Metrics.scrape() gives a page of the text format with every metric", async () => {
  using setup = setUp();
  const { contentType, body } = await setup.metrics.scrape();
  assert.equal(contentType, "text/plain; version=0.0.4; charset=utf-8");
  const families = parseExposition(body);
  assert.deepEqual(
    [...families.values()].map(({ name, type }) => `${name} ${type}`)
      .toSorted(),
    [
      "hubbub_build_info gauge",
      "hubbub_bytes_in_total counter",
      "hubbub_bytes_out_total counter",
      "hubbub_clients gauge",
      "hubbub_connections gauge",
      "hubbub_connections_closed_total counter",
      "hubbub_connections_opened_total counter",
      "hubbub_cpu_seconds_total counter",
      "hubbub_delivery_latency_seconds histogram",
      "hubbub_errors_total counter",
      "hubbub_event_loop_lag_seconds histogram",
      "hubbub_gc_cycles_total counter",
      "hubbub_handler_failures_total counter",
      "hubbub_heap_total_bytes gauge",
      "hubbub_heap_used_bytes gauge",
      "hubbub_invalid_messages_total counter",
      "hubbub_log_entries_lost_total counter",
      "hubbub_messages_dropped_total counter",
      "hubbub_messages_in_total counter",
      "hubbub_messages_out_total counter",
      "hubbub_queue_bytes gauge",
      "hubbub_rooms gauge",
      "hubbub_rooms_created_total counter",
      "hubbub_rooms_removed_total counter",
      "hubbub_rss_bytes gauge",
      "hubbub_slow_consumers_total counter",
      "hubbub_uptime_seconds gauge",
    ],
  );
});

test("Metrics.scrape() gives what docs/operations.md lists", async () => {
  using setup = setUp();
  const { counters, metrics } = setup;
  counters.messagesIn.of("ping");
  const families = parseExposition((await metrics.scrape()).body);
  const page = [...families.values()].map(({ name, type, samples }) => {
    const labels = new Set(
      [...samples.keys()].flatMap((sample) =>
        [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label)
      ),
    );
    labels.delete("le");
    return `${name} ${type} ${[...labels].join(", ")}`;
  });
  const url = new URL("../../../docs/operations.md", import.meta.url);
  const rows = readFileSync(url, "utf8").matchAll(
    /^\| `(hubbub_\w+)` +\| (\w+) +\| (.*?) +\|/gm,
  );
  assert.deepEqual(
    Array.from(
      rows,
      ([, name, type, labels = ""]) =>
        `${name} ${type} ${labels.replaceAll("`", "")}`,
    ),
    page,
  );
});

test("Metrics.scrape() reads every number where it is kept", async () => {
  using setup = setUp();
  const { counters } = setup;
  counters.connectionsOpened = 11;
  counters.connectionsClosed.of(4001).count = 12;
  counters.connectionsClosed.of(3999).count = 13;
  counters.roomsCreated = 14;
  counters.roomsRemoved = 15;
  counters.messagesIn.of("ping").count = 16;
  counters.messagesIn.rest.count = 17;
  counters.messagesOut.of("room_message").count = 18;
  counters.bytesIn = 19;
  counters.bytesOut = 20;
  counters.slowConsumers.disconnect = 21;
  counters.slowConsumers.drop_oldest = 22;
  counters.slowConsumers.drop_newest = 23;
  counters.messagesDropped.drop_oldest = 24;
  counters.messagesDropped.drop_newest = 25;
  counters.errors.of(3000).count = 26;
  counters.invalidMessages = 27;
  counters.handlerFailures = 28;
  setup.clock.advance(2_500);
  const { body } = await setup.metrics.scrape();
  const families = parseExposition(body);
  const expected: Record<string, number> = {
    "hubbub_clients": 1,
    "hubbub_connections": 2,
    "hubbub_rooms": 3,
    "hubbub_queue_bytes": 4,
    "hubbub_log_entries_lost_total": 5,
    "hubbub_rss_bytes": 6,
    "hubbub_heap_used_bytes": 7,
    "hubbub_heap_total_bytes": 8,
    "hubbub_cpu_seconds_total": 9.5,
    "hubbub_connections_opened_total": 11,
    'hubbub_connections_closed_total{code="4001"}': 12,
    'hubbub_connections_closed_total{code="other"}': 13,
    'hubbub_connections_closed_total{code="1000"}': 0,
    "hubbub_rooms_created_total": 14,
    "hubbub_rooms_removed_total": 15,
    'hubbub_messages_in_total{type="ping"}': 16,
    'hubbub_messages_in_total{type="unknown"}': 17,
    'hubbub_messages_out_total{type="room_message"}': 18,
    "hubbub_bytes_in_total": 19,
    "hubbub_bytes_out_total": 20,
    'hubbub_slow_consumers_total{action="disconnect"}': 21,
    'hubbub_slow_consumers_total{action="drop_oldest"}': 22,
    'hubbub_slow_consumers_total{action="drop_newest"}': 23,
    'hubbub_messages_dropped_total{policy="drop_oldest"}': 24,
    'hubbub_messages_dropped_total{policy="drop_newest"}': 25,
    'hubbub_errors_total{code="3000"}': 26,
    "hubbub_invalid_messages_total": 27,
    "hubbub_handler_failures_total": 28,
    "hubbub_uptime_seconds": 2.5,
    "hubbub_event_loop_lag_seconds_count": 25,
    "hubbub_event_loop_lag_seconds_sum": 0,
  };
  for (const [sample, value] of Object.entries(expected)) {
    assert.equal(valueOf(families, sample), value, sample);
  }
  // Backslash, quote and line feed of the runtime's version, escaped.
  assert.ok(body.includes(
    '\nhubbub_build_info{version="1.2.3",runtime="deno",runtime_version="2\\\\\\"\\n"} 1\n',
  ));
});

test("Metrics.scrape() gives latency in seconds, in cumulative buckets", async () => {
  using setup = setUp();
  const { deliveryLatency } = setup.counters;
  deliveryLatency.observe(0.4, 10);
  deliveryLatency.observe(3, 5);
  deliveryLatency.observe(60_000);
  const families = parseExposition((await setup.metrics.scrape()).body);
  const name = "hubbub_delivery_latency_seconds";
  const expected: [sample: string, value: number][] = [
    ['_bucket{le="0.0005"}', 10],
    ['_bucket{le="0.0025"}', 10],
    ['_bucket{le="0.005"}', 15],
    ['_bucket{le="10"}', 15],
    ['_bucket{le="+Inf"}', 16],
    ["_count", 16],
    ["_sum", 60.019],
  ];
  for (const [sample, value] of expected) {
    assert.equal(valueOf(families, name + sample), value, sample);
  }
});

test("Metrics.scrape() gives every scraper the same growing numbers", async () => {
  using setup = setUp();
  const { counters, hub, metrics } = setup;
  const sample = 'hubbub_messages_in_total{type="ping"}';
  const ping = counters.messagesIn.of("ping");
  ping.count = 5;
  const pages = await Promise.all([metrics.scrape(), metrics.scrape()]);
  for (const { body } of pages) {
    assert.equal(valueOf(parseExposition(body), sample), 5);
  }
  ping.count += 2;
  assert.equal(await setup.value(sample), 7);
  hub.connectionCount = 0;
  assert.equal(await setup.value("hubbub_connections"), 0);
});

test("Metrics keeps to a registry of its own, which takes more metrics", async () => {
  using one = setUp();
  using other = setUp();
  const gauge = new Gauge({
    name: "my_gauge",
    help: "One's own",
    registers: [one.metrics.registry],
  });
  gauge.set(7);
  assert.equal(await one.value("my_gauge"), 7);
  await assert.rejects(other.value("my_gauge"));
  assert.equal(register.getMetricsAsArray().length, 0);
});

test("Metrics[Symbol.dispose]() leaves no timer", () => {
  const setup = setUp();
  assert.equal(setup.clock.pendingTimers, 1);
  setup[Symbol.dispose]();
  assert.equal(setup.clock.pendingTimers, 0);
});
