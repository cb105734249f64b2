import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopbackAddress } from "../../../../src/http/middleware/access.ts";
import { assertError, TestApi } from "../../../fakes/test_api.ts";

const REMOTE = "192.0.2.9";
const KEY = "k".repeat(32);

interface Case {
  readonly from?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function withKey(apiKey: string): TestApi {
  const api = new TestApi();
  api.settings = { ...api.settings, apiKey };
  return api;
}

/** Of a route that reads, one that changes, and one that is not there: the guard stands before all. */
const REQUESTS = [
  ["GET", "/api/stats"],
  ["POST", "/api/admin/reload"],
  ["DELETE", "/api/rooms/r"],
  ["GET", "/api/nothing"],
  ["OPTIONS", "/api/stats"],
  ["GET", "/api"],
  ["GET", "/%61pi/stats"],
] as const;

for (
  const [name, { from = "127.0.0.1", headers = {} }] of Object.entries<Case>({
    "from 127.0.0.1": {},
    "from another address of 127.0.0.0/8": { from: "127.8.9.10" },
    "from ::1": { from: "::1", headers: { host: "[::1]:8080" } },
    "from a mapped loopback address": { from: "::ffff:127.0.0.1" },
    "to 127.0.0.1": { headers: { host: "127.0.0.1:8080" } },
    "to LOCALHOST": { headers: { host: "LOCALHOST" } },
    "of a page of its own": {
      headers: {
        host: "localhost:8080",
        origin: "http://localhost:8080",
        "sec-fetch-site": "same-origin",
      },
    },
    "typed into a browser": { headers: { "sec-fetch-site": "none" } },
  })
) {
  test(`guard() lets in, without a key configured, a request ${name}`, async () => {
    const api = new TestApi();
    const reply = await api.call("GET", "/api/stats", {
      remoteAddress: from,
      headers,
    });
    assert.equal(reply.status, 200);
  });
}

for (
  const [name, { from = "127.0.0.1", headers = {} }] of Object.entries<Case>({
    "from elsewhere": { from: REMOTE },
    "from elsewhere over IPv6": { from: "2001:db8::1" },
    "from a mapped address": { from: `::ffff:${REMOTE}` },
    "from an address that only begins like loopback": {
      from: "127.0.0.1.evil",
    },
    "from nobody": { from: "" },
    "from elsewhere with any key": {
      from: REMOTE,
      headers: { authorization: "Bearer ", "x-api-key": "" },
    },
    "through a proxy (X-Forwarded-For)": {
      headers: { "x-forwarded-for": "127.0.0.1" },
    },
    "through a proxy (Forwarded)": { headers: { forwarded: "for=127.0.0.1" } },
    "through a proxy (Via)": { headers: { via: "1.1 proxy" } },
    "through a proxy (X-Real-IP)": { headers: { "x-real-ip": "127.0.0.1" } },
    "to a name that was rebound": { headers: { host: "evil.example:8080" } },
    "to a name that begins with localhost": {
      headers: { host: "localhost.evil.example" },
    },
    "to a name that ends with localhost": {
      headers: { host: "evil.example#localhost" },
    },
    "to a name with credentials before it": {
      headers: { host: "evil@localhost" },
    },
    "to no name": { headers: { host: ":8080" } },
    "to an empty name": { headers: { host: "" } },
    "of another site's page": { headers: { origin: "https://evil.example" } },
    "of a page on another port": {
      headers: {
        origin: "http://localhost:3000",
        "sec-fetch-site": "same-site",
      },
    },
    "of a page on another port in an older browser": {
      headers: { host: "localhost:8080", origin: "http://localhost:3000" },
    },
    "of a sandboxed page": { headers: { origin: "null" } },
    "of a page on another port without an origin": {
      headers: { "sec-fetch-site": "same-site" },
    },
    "of another site without an origin": {
      headers: { "sec-fetch-site": "cross-site" },
    },
  })
) {
  test(`guard() refuses, without a key configured, a request ${name}`, async () => {
    const api = new TestApi();
    api.hub.addRoom("r");
    for (const [method, path] of REQUESTS) {
      const reply = await api.raw(method, path, {
        remoteAddress: from,
        headers,
      });
      assertError(reply, { status: 403, code: 2001 });
    }
    assert.deepEqual(api.hub.calls, []);
    assert.deepEqual(new Set(api.errors), new Set(["FORBIDDEN"]));
  });
}

for (const remoteAddress of ["127.0.0.1", REMOTE]) {
  test(`guard() asks ${remoteAddress} for the key once there is one`, async () => {
    const api = withKey(KEY);
    api.hub.addRoom("r");
    for (const [method, path] of REQUESTS) {
      const reply = await api.raw(method, path, { remoteAddress });
      assertError(reply, { status: 401, code: 2000 });
      assert.match(reply.headers.get("www-authenticate") ?? "", /^Bearer/);
    }
    assert.deepEqual(api.hub.calls, []);
  });

  test(`guard() lets ${remoteAddress} in with the key, however it is sent`, async () => {
    const api = withKey(KEY);
    for (
      const headers of [
        { authorization: `Bearer ${KEY}` },
        { authorization: `bearer  ${KEY}` },
        { "x-api-key": KEY },
        // Proxies, names and pages do not matter to who has the key.
        {
          "x-api-key": KEY,
          "x-forwarded-for": "198.51.100.7",
          host: "hub.example",
          origin: "https://console.example",
          "sec-fetch-site": "cross-site",
        },
      ]
    ) {
      const reply = await api.call("GET", "/api/stats", {
        remoteAddress,
        headers,
      });
      assert.equal(reply.status, 200, JSON.stringify(headers));
    }
  });
}

for (
  const headers of [
    { authorization: `Bearer ${KEY}x` },
    { authorization: `Bearer ${KEY.slice(1)}` },
    { authorization: "Bearer" },
    { authorization: `Basic ${KEY}` },
    { authorization: KEY },
    { authorization: `Bearer ${KEY} ${KEY}` },
    { "x-api-key": KEY.toUpperCase() },
    { "x-api-key": "" },
    { authorization: "Bearer wrong", "x-api-key": "wrong" },
  ]
) {
  test(`guard() refuses ${JSON.stringify(headers).replaceAll(KEY, "KEY")}`, async () => {
    const reply = await withKey(KEY).call("GET", "/api/stats", { headers });
    assertError(reply, { status: 401, code: 2000 });
    assert.ok(!reply.text.includes(KEY));
  });
}

test("guard() takes no key from the query", async () => {
  const reply = await withKey(KEY).raw("GET", `/api/stats?api_key=${KEY}`);
  assertError(reply, { status: 401, code: 2000 });
});

test("guard() follows the key as it changes", async () => {
  const api = withKey("old");
  const headers = { "x-api-key": "old" };
  assert.equal((await api.call("GET", "/api/stats", { headers })).status, 200);
  api.settings = { ...api.settings, apiKey: "new" };
  assert.equal((await api.call("GET", "/api/stats", { headers })).status, 401);
  api.settings = { ...api.settings, apiKey: "" };
  assert.equal((await api.call("GET", "/api/stats")).status, 200);
});

test("guard() leaves the pages, the health and the document alone", async () => {
  const api = withKey(KEY);
  for (const path of ["/", "/docs", "/openapi.json", "/health", "/metrics"]) {
    const reply = await api.raw("GET", path, { remoteAddress: REMOTE });
    assert.equal(reply.status, 200, path);
  }
});

test("isLoopbackAddress() knows loopback from what resembles it", () => {
  for (
    const address of ["127.0.0.1", "127.255.255.254", "::1", "::FFFF:127.0.0.1"]
  ) {
    assert.equal(isLoopbackAddress(address), true, address);
  }
  for (
    const address of [
      "",
      "localhost",
      "128.0.0.1",
      "1.127.0.0.1",
      "::",
      "::2",
      "127.0.0",
      "127.0.0.1:80",
      "fe80::1",
    ]
  ) {
    assert.equal(isLoopbackAddress(address), false, address);
  }
});
