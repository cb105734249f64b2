import assert from "node:assert/strict";
import { test } from "node:test";
import { assertError, TestApi } from "../../../fakes/test_api.ts";

test("GET of the WebSocket path without an upgrade asks for one", async () => {
  const api = new TestApi({ websocketPath: "/socket" });
  const reply = await api.call("GET", "/socket?client_id=a&token=t");
  assertError(reply, { status: 426, code: 1001 });
  assert.equal(reply.headers.get("upgrade"), "websocket");
  assert.ok(!reply.text.includes("token"), reply.text);
});
