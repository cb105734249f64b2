import assert from "node:assert/strict";
import { test } from "node:test";
import { assertError, TestApi } from "../../../fakes/test_api.ts";

test("POST /api/admin/reload says what took effect and what waits", async () => {
  const api = new TestApi();
  api.reload = () =>
    Promise.resolve({
      type: "applied",
      changed: ["log.level"],
      needsRestart: ["server.port"],
    });
  const reply = await api.call("POST", "/api/admin/reload");
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.json, {
    status: "applied",
    changed: ["log.level"],
    needs_restart: ["server.port"],
  });
});

test("POST /api/admin/reload says that nothing changed", async () => {
  const api = new TestApi();
  api.reload = () =>
    Promise.resolve({ type: "unchanged", needsRestart: ["server.port"] });
  const reply = await api.call("POST", "/api/admin/reload");
  assert.deepEqual(reply.json, {
    status: "unchanged",
    changed: [],
    needs_restart: ["server.port"],
  });
});

test("POST /api/admin/reload lists why a configuration is refused", async () => {
  const api = new TestApi();
  const problems = ["Cannot use log.level: use one of debug, info: loud"];
  api.reload = () => Promise.resolve({ type: "refused", problems });
  const reply = await api.call("POST", "/api/admin/reload");
  assert.deepEqual(assertError(reply, { status: 400, code: 1001 }), problems);
});

test("POST /api/admin/reload keeps to itself why a reload broke", async () => {
  const api = new TestApi();
  api.reload = () => Promise.reject(new Error("EACCES /etc/hubbub.yaml"));
  const reply = await api.call("POST", "/api/admin/reload");
  assert.equal(assertError(reply, { status: 500, code: 1003 }), undefined);
});
