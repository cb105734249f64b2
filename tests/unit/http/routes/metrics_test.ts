import assert from "node:assert/strict";
import { test } from "node:test";
import { assertError, TestApi } from "../../../fakes/test_api.ts";

test("/metrics answers what is scraped, with its content type", async () => {
  const reply = await new TestApi().call("GET", "/metrics");
  assert.equal(reply.text, "hubbub_connections 1\n");
  assert.equal(
    reply.headers.get("content-type"),
    "text/plain; version=0.0.4; charset=utf-8",
  );
});

test("/metrics follows its configured path", async () => {
  const api = new TestApi({ metricsPath: "/internal/metrics" });
  assert.equal((await api.call("GET", "/internal/metrics")).status, 200);
  assertError(await api.raw("GET", "/metrics"), { status: 404, code: 1006 });
});

test("/metrics is not there where no metrics are collected", async () => {
  const api = new TestApi({ metrics: undefined });
  assertError(await api.raw("GET", "/metrics"), { status: 404, code: 1006 });
  assert.equal((await api.document()).operation("GET", "/metrics"), undefined);
});
