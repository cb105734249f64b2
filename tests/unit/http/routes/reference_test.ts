import assert from "node:assert/strict";
import { test } from "node:test";
import { isRoomId } from "../../../../src/protocol/message.ts";
import { TestApi } from "../../../fakes/test_api.ts";

/** Answered and not part of the API: the pages, and the document itself. */
const PAGES = new Set([
  "/",
  "/try.js",
  "/try_view.js",
  "/try.css",
  "/docs",
  "/docs/reference.js",
  "/docs/swagger-ui.js",
  "/docs/swagger-ui.css",
  "/openapi.json",
]);

test("/openapi.json has every route that is answered, and no other", async () => {
  const api = new TestApi();
  const { paths } = await api.document();
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((verb) => `${verb.toUpperCase()} ${path}`)
  );
  const answered = api.app.routes
    .filter(({ method, path }) =>
      method !== "ALL" && method !== "OPTIONS" && !PAGES.has(path)
    )
    .map(({ method, path }) =>
      `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`
    );
  assert.deepEqual(documented.sort(), [...new Set(answered)].sort());
  assert.ok(documented.includes("POST /api/broadcast"));
});

test("/openapi.json leaves no reference open and names every operation once", async () => {
  const api = new TestApi();
  const { text } = await api.raw("GET", "/openapi.json");
  const { components } = JSON.parse(text);
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    assert.ok(name !== undefined && name in components.schemas, `${name}`);
  }
  const { paths } = await api.document();
  const operations = Object.values(paths).flatMap((it) => Object.values(it));
  const ids = operations.map((operation) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
});

test("/openapi.json declares every parameter of every path", async () => {
  const { paths } = await new TestApi().document();
  for (const [path, operations] of Object.entries(paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    for (const { parameters } of Object.values(operations)) {
      const declared = parameters.filter((it) => it.in === "path");
      assert.deepEqual(declared.map((it) => it.name), names, path);
      assert.ok(declared.every((it) => it.required), path);
    }
  }
});

test("/openapi.json asks for a key under /api and nowhere else", async () => {
  const { json } = await new TestApi().raw("GET", "/openapi.json");
  const { security, paths, components } = Object(json);
  assert.deepEqual(security, [{ bearer: [] }, { apiKey: [] }, {}]);
  assert.deepEqual(Object.keys(components.securitySchemes), [
    "bearer",
    "apiKey",
  ]);
  for (const [path, operations] of Object.entries<object>(paths)) {
    for (const operation of Object.values(operations)) {
      const isOpen = operation.security?.length === 0;
      assert.equal(isOpen, !path.startsWith("/api/"), path);
    }
  }
});

test("/openapi.json has the pattern of a room id that the hub goes by", async () => {
  const { paths } = await new TestApi().document();
  const [parameter] = paths["/api/rooms/{id}"]?.get?.parameters ?? [];
  const pattern = new RegExp(Object(parameter).schema.pattern);
  for (
    const id of [
      "a",
      "A.b_c:d-9",
      "",
      "a b",
      "a/b",
      "é",
      "x".repeat(128),
      "x".repeat(129),
    ]
  ) {
    assert.equal(pattern.test(id), isRoomId(id), id);
  }
});

test("/openapi.json is the same text however often it is asked for", async () => {
  const api = new TestApi();
  const first = await api.raw("GET", "/openapi.json");
  assert.equal((await api.raw("GET", "/openapi.json")).text, first.text);
  assert.equal(first.headers.get("content-type"), "application/json");
});

test("/docs carries its own browser bundle and asks no other host", async () => {
  const api = new TestApi();
  const bundle = await api.raw("GET", "/docs/swagger-ui.js");
  assert.ok(bundle.text.includes("SwaggerUIBundle"));
  assert.match(bundle.headers.get("cache-control") ?? "", /max-age=\d+/);
  const start = await api.raw("GET", "/docs/reference.js");
  assert.match(start.text, /validatorUrl: null/);
  assert.doesNotMatch(start.text, /https?:/);
});
