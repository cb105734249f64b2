import assert from "node:assert/strict";
import { test } from "node:test";
import { ERRORS, HubError } from "../../../src/errors.ts";
import { createApp } from "../../../src/http/mod.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { FakeHub } from "../../fakes/fake_hub.ts";
import { FakeLogger } from "../../fakes/fake_logger.ts";
import { assertError, TestApi } from "../../fakes/test_api.ts";

function smallApp(): ReturnType<typeof createApp> {
  return createApp({
    hub: new FakeHub(),
    clock: new FakeClock(),
    logger: new FakeLogger(),
    nodeId: "n",
    version: "1.0.0",
    startedAtMs: 0,
    address: () => "",
    health: { state: () => "ready" },
    metrics: undefined,
    metricsPath: "/metrics",
    reload: () => Promise.resolve({ type: "unchanged", needsRestart: [] }),
    settings: () => ({ apiKey: "", maxBodyBytes: 1_024 }),
    websocketPath: "/ws",
    errors: { count: () => {} },
  });
}

test("createApp() answers a request on behalf of a peer", async () => {
  const app = smallApp();
  async function statusFor(remoteAddress: string): Promise<number> {
    const request = new Request("http://localhost/api/rooms", {
      headers: { host: "localhost" },
    });
    return (await app.fetch(request, { remoteAddress })).status;
  }
  assert.equal(await statusFor("127.0.0.1"), 200);
  assert.equal(await statusFor("192.0.2.1"), 403);
});

test("createApp() answers a request without a host, and keeps it out of /api", async () => {
  const app = smallApp();
  async function statusFor(path: string): Promise<number> {
    const request = new Request(`http://localhost${path}`);
    // What Bun makes of a request that names no host.
    Object.defineProperty(request, "url", { value: path });
    return (await app.fetch(request, { remoteAddress: "127.0.0.1" })).status;
  }
  assert.equal(await statusFor("/health"), 200);
  assert.equal(await statusFor("/api/rooms"), 403);
  assert.equal(await statusFor("//api/rooms"), 404);
});

// Request ids

test("x-request-id is passed through where it is harmless", async () => {
  const headers = { "x-request-id": "trace-42_AB=" };
  for (const path of ["/health", "/nowhere", "/", "/api/rooms/none"]) {
    const reply = await new TestApi().raw("GET", path, { headers });
    assert.equal(reply.headers.get("x-request-id"), "trace-42_AB=", path);
  }
});

for (const id of ["a b", "a\tb", "ä", "x".repeat(256), "a;b", '"', ""]) {
  test(`x-request-id is made anew for ${JSON.stringify(id).slice(0, 12)}`, async () => {
    const reply = await new TestApi().raw("GET", "/health", {
      headers: { "x-request-id": id },
    });
    const given = reply.headers.get("x-request-id") ?? "";
    assert.match(given, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
}

test("x-request-id is another for every request that brings none", async () => {
  const api = new TestApi();
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => api.raw("GET", "/health")),
  );
  const ids = replies.map((reply) => reply.headers.get("x-request-id"));
  assert.equal(new Set(ids).size, 20);
});

// Errors

test("a path that leads nowhere is 404 in JSON", async () => {
  const api = new TestApi();
  for (const path of ["/nowhere", "/api/nowhere", "/health/", "//health"]) {
    const reply = await api.raw("GET", path);
    assertError(reply, { status: 404, code: 1006 });
    (await api.document()).assertError(reply.json);
  }
});

test("a method that a path has not is 405 and told the ones it has", async () => {
  const api = new TestApi();
  const { paths } = await api.document();
  for (const [template, operations] of Object.entries(paths)) {
    const path = template.replace("{id}", "x");
    const has = Object.keys(operations).map((verb) => verb.toUpperCase());
    const allow = [...has, "OPTIONS", ...has.includes("GET") ? ["HEAD"] : []];
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]) {
      if (allow.includes(method)) continue;
      const reply = await api.raw(method, path);
      assert.equal(reply.status, 405, `${method} ${path}`);
      assert.equal(reply.headers.get("allow"), allow.sort().join(", "));
      if (method !== "HEAD") assertError(reply, { status: 405, code: 1006 });
    }
  }
  assert.deepEqual(api.hub.calls, []);
});

test("OPTIONS says what a path allows, and lets no other site in", async () => {
  const reply = await new TestApi().raw("OPTIONS", "/api/rooms/x");
  assert.equal(reply.status, 204);
  assert.equal(reply.text, "");
  assert.equal(reply.headers.get("allow"), "DELETE, GET, HEAD, OPTIONS");
  assert.equal(reply.headers.get("access-control-allow-origin"), null);
});

test("HEAD answers as GET does, without the body", async () => {
  const api = new TestApi();
  for (
    const path of ["/health", "/", "/docs", "/openapi.json", "/api/rooms"]
  ) {
    const [get, head] = [
      await api.raw("GET", path),
      await api.raw("HEAD", path),
    ];
    assert.equal(head.status, get.status, path);
    assert.equal(head.text, "", path);
    assert.equal(
      head.headers.get("content-type"),
      get.headers.get("content-type"),
      path,
    );
  }
});

for (const [kind, spec] of Object.entries(ERRORS)) {
  test(`a HubError ${kind} is answered by its code and status, and counted`, async () => {
    const api = new TestApi();
    const name = Object.keys(ERRORS).find((it) => it === kind);
    assert.ok(isErrorName(name));
    const cause = new Error("driver text");
    api.hub.failure = {
      thrown: new HubError(name, { because: "of this" }, { cause }),
    };
    const reply = await api.raw("GET", "/api/rooms");
    const details = assertError(reply, { status: spec.http, code: spec.code });
    assert.deepEqual(details, { because: "of this" });
    assert.equal(Object(reply.json).message, spec.text);
    assert.ok(!reply.text.includes("driver"));
    assert.deepEqual(api.errors, [kind]);
  });
}

function isErrorName(name: string | undefined): name is keyof typeof ERRORS {
  return name !== undefined && name in ERRORS;
}

for (
  const [name, thrown] of [
    ["an Error", new Error("secret in /etc/hubbub.yaml")],
    ["a TypeError", new TypeError("secret is not a function")],
    ["a string", "secret"],
    ["undefined", undefined],
    ["null", null],
    ["an object", { secret: 1 }],
  ] as const
) {
  test(`${name} that is thrown is 500, and its cause is in the log alone`, async () => {
    const api = new TestApi();
    api.hub.failure = { thrown };
    const reply = await api.call("GET", "/api/rooms", {
      headers: { "x-request-id": "r1" },
    });
    assert.equal(assertError(reply, { status: 500, code: 1003 }), undefined);
    assert.ok(!reply.text.includes("secret"));
    assert.equal(reply.headers.get("x-request-id"), "r1");
    assert.equal(reply.headers.get("x-content-type-options"), "nosniff");
    const [line, ...more] = api.logger.of("error");
    assert.equal(more.length, 0);
    assert.equal(line?.fields.request_id, "r1");
    assert.equal(Object(line?.fields.err).cause, thrown);
    assert.deepEqual(api.errors, ["SERVER_ERROR"]);
  });
}

test("what the peer did wrong is no error in the log", async () => {
  const api = new TestApi();
  await api.raw("GET", "/nowhere");
  await api.raw("POST", "/api/broadcast", { json: {} });
  await api.raw("GET", "/api/rooms", { remoteAddress: "192.0.2.1" });
  assert.deepEqual(api.logger.of("error"), []);
  assert.deepEqual(api.errors, [
    "UNKNOWN_MESSAGE_TYPE",
    "INVALID_FORMAT",
    "FORBIDDEN",
  ]);
});

test("a scrape that fails is 500 in JSON", async () => {
  const api = new TestApi();
  api.scrape = () => Promise.reject(new Error("no"));
  const reply = await api.raw("GET", "/metrics");
  assertError(reply, { status: 500, code: 1003 });
});

// Log and headers

test("the access log has every request with its status and never its query", async () => {
  const api = new TestApi();
  const options = { headers: { "x-request-id": "r" }, remoteAddress: "::1" };
  await api.raw("GET", "/health?token=secret", options);
  await api.raw("GET", "/nowhere?token=secret", options);
  await api.raw("GET", "/api/rooms?token=secret", options);
  await api.raw("POST", "/api/broadcast?token=secret", {
    ...options,
    headers: { ...options.headers, "content-length": "99999999" },
    body: new Uint8Array([1]),
  });
  const lines = api.logger.of("debug");
  assert.deepEqual(
    lines.map(({ fields, text }) => [
      text,
      fields.method,
      fields.path,
      fields.status,
    ]),
    [
      ["http request", "GET", "/health", 200],
      ["http request", "GET", "/nowhere", 404],
      ["http request", "GET", "/api/rooms", 400],
      ["http request", "POST", "/api/broadcast", 413],
    ],
  );
  assert.equal(lines[0]?.fields.remote_address, "::1");
  assert.equal(lines[0]?.fields.request_id, "r");
  assert.ok(!JSON.stringify(api.logger.lines).includes("secret"));
});

test("every answer tells browsers to take it for what it is", async () => {
  const api = new TestApi();
  const paths = ["/health", "/nowhere", "/api/rooms", "/", "/docs", "/metrics"];
  for (const path of paths) {
    for (const remoteAddress of ["127.0.0.1", "192.0.2.1"]) {
      const { headers } = await api.raw("GET", path, { remoteAddress });
      assert.equal(headers.get("x-content-type-options"), "nosniff", path);
      assert.equal(headers.get("referrer-policy"), "no-referrer", path);
      assert.equal(headers.get("cache-control"), "no-store", path);
      assert.match(
        headers.get("content-security-policy") ?? "",
        /^default-src 'none';.*frame-ancestors 'none'$/,
        path,
      );
    }
  }
});
