import assert from "node:assert/strict";
import { test } from "node:test";
import type { HealthState } from "../../../src/http/options.ts";
import { createUpgrade } from "../../../src/http/upgrade.ts";
import type { HubSettings } from "../../../src/hub/settings.ts";
import { FakeConn } from "../../fakes/fake_conn.ts";
import { TestHub } from "../../fakes/test_hub.ts";

/** A hub behind `/ws` with knobs for what upgrades depend on. */
class Door {
  readonly test: TestHub;
  readonly #decide: ReturnType<typeof createUpgrade>;
  state: HealthState = "ready";
  allowedOrigins = ["*"];

  constructor(settings: Partial<HubSettings> = {}) {
    this.test = new TestHub(settings);
    this.#decide = createUpgrade({
      hub: this.test.hub,
      path: "/ws",
      health: { state: () => this.state },
      allowedOrigins: () => this.allowedOrigins,
    });
  }

  knock(target: string, headers: Record<string, string> = {}) {
    return this.#decide({
      target,
      header: (name) => headers[name],
      remoteAddress: "127.0.0.1",
    });
  }

  /** Knocks where it must be let in, and opens a socket. */
  enter(target: string, headers: Record<string, string> = {}) {
    const decision = this.knock(target, headers);
    assert.ok(decision.type === "accept");
    const conn = new FakeConn();
    conn.events = decision.open(conn);
    this.test.clock.tick();
    return { conn, subprotocol: decision.subprotocol };
  }

  get clientIds(): string[] {
    return [...this.test.hub.clients.keys()];
  }
}

test("createUpgrade() accepts a plain client, and its socket's events reach the hub", () => {
  const door = new Door();
  const { conn, subprotocol } = door.enter("/ws?client_id=ann");
  assert.equal(subprotocol, undefined);
  assert.deepEqual(door.clientIds, ["ann"]);
  assert.deepEqual(conn.texts, []);
  conn.events?.receive('{"message_type":"ping","message_id":1}', 38);
  door.test.clock.tick();
  assert.deepEqual(conn.types, ["pong"]);
  conn.events?.closed(1000, "");
  assert.deepEqual(door.clientIds, []);
});

test("createUpgrade() accepts hubbub.v1.json, names it in the answer, and greets", () => {
  const door = new Door();
  const { conn, subprotocol } = door.enter("/ws", {
    "sec-websocket-protocol": "mqtt, hubbub.v1.json",
  });
  assert.equal(subprotocol, "hubbub.v1.json");
  assert.deepEqual(conn.types, ["welcome"]);
});

test("createUpgrade() makes up a client id for who brings none", () => {
  const door = new Door();
  door.enter("/ws");
  door.enter("/ws?other=1");
  assert.equal(door.clientIds.length, 2);
  for (const id of door.clientIds) assert.match(id, /^[0-9a-f-]{36}$/);
});

test("createUpgrade() reads the client id as the URL encodes it", () => {
  const door = new Door();
  door.enter("/ws?client_id=ann%40example.com");
  door.enter("http://hub.example/ws?client_id=b:1_2.3-4");
  assert.deepEqual(door.clientIds, ["ann@example.com", "b:1_2.3-4"]);
});

test("createUpgrade() takes nobody in before the socket is open", () => {
  const door = new Door();
  assert.equal(door.knock("/ws").type, "accept");
  assert.deepEqual(door.clientIds, []);
});

test("createUpgrade() refuses any other path with 404", () => {
  const door = new Door();
  for (
    const target of ["/", "/ws/", "/WS", "/ws2", "/api/ws", "", "*", "http://"]
  ) {
    assert.deepEqual(door.knock(target), {
      type: "refuse",
      status: 404,
      body: "Cannot upgrade here: connect to /ws",
    }, target);
  }
});

test("createUpgrade() refuses with 503 before the node is ready and while it drains", () => {
  const door = new Door();
  for (const state of ["starting", "draining"] as const) {
    door.state = state;
    assert.deepEqual(door.knock("/ws"), {
      type: "refuse",
      status: 503,
      body: "Cannot upgrade: this node takes no connections now",
    });
  }
});

test("createUpgrade() refuses with 503 where the node is full, until somebody leaves", () => {
  const door = new Door({ maxConnections: 1 });
  const { conn } = door.enter("/ws");
  assert.deepEqual(door.knock("/ws"), {
    type: "refuse",
    status: 503,
    body: "Cannot upgrade: this node has no room left",
  });
  conn.events?.closed(1000, "");
  door.enter("/ws");
});

test("createUpgrade() refuses with 400 where no subprotocol is common", () => {
  const door = new Door();
  assert.deepEqual(door.knock("/ws", { "sec-websocket-protocol": "mqtt" }), {
    type: "refuse",
    status: 400,
    body: "Cannot upgrade: no common subprotocol; offer hubbub.v1.json or none",
  });
});

test("createUpgrade() refuses a malformed client id with 400", () => {
  const door = new Door();
  for (
    const id of ["", "a%20b", "%00", "a%0A", "x".repeat(129), "%C3%A9", "<b>"]
  ) {
    assert.deepEqual(door.knock(`/ws?client_id=${id}`), {
      type: "refuse",
      status: 400,
      body: "Cannot upgrade: client_id must be 1 to 128 of [A-Za-z0-9_.:@-]",
    }, id);
  }
});

test("createUpgrade() lets a forbidden origin in only to close it with 4506", () => {
  const door = new Door();
  door.allowedOrigins = ["https://example.com"];
  const { conn } = door.enter("/ws?client_id=ann", {
    origin: "https://evil.example",
    "sec-websocket-protocol": "hubbub.v1.json",
  });
  assert.deepEqual(conn.closedWith, { code: 4506, reason: "forbidden origin" });
  assert.deepEqual(conn.types, ["disconnecting"]);
  assert.deepEqual(door.clientIds, []);
  conn.events?.receive('{"message_type":"ping"}', 23);
  conn.events?.closed(4506, "");
  assert.equal(door.test.hub.closingCount, 0);

  door.enter("/ws", { origin: "https://example.com" });
  door.enter("/ws");
  assert.equal(door.clientIds.length, 2);
});

test("createUpgrade() asks for the allowed origins each time", () => {
  const door = new Door();
  door.allowedOrigins = [];
  const headers = { origin: "https://example.com" };
  assert.equal(door.enter("/ws", headers).conn.closedWith?.code, 4506);
  door.allowedOrigins = ["https://example.com"];
  assert.equal(door.enter("/ws", headers).conn.closedWith, undefined);
});

test("createUpgrade() leaves a client with too many connections to the hub, which closes it with 4505", () => {
  const door = new Door({ duplicateClientId: "reject" });
  door.enter("/ws?client_id=ann");
  const { conn } = door.enter("/ws?client_id=ann");
  assert.equal(conn.closedWith?.code, 4505);
});
