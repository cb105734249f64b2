import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { runtime } from "#runtime";
import type { Listener, TransportName } from "../../../src/runtime/runtime.ts";
import { RawWsClient } from "../../fakes/raw_ws_client.ts";

function listen(
  transport: TransportName,
  host = "127.0.0.1",
): Promise<Listener> {
  return runtime.listen({
    host,
    port: 0,
    transport,
    compression: false,
    maxMessageBytes: () => 1_000,
    fetch: (_request, { remoteAddress }) => new Response(remoteAddress),
    upgrade: () => ({ type: "refuse", status: 404, body: "not found" }),
    onError() {},
  });
}

test("listen() takes for auto what the runtime does best", async () => {
  const listener = await listen("auto");
  await listener.destroy();
  const best = { deno: "ws", bun: "bun" } as const;
  assert.equal(listener.transport, best[runtime.name]);
});

test("listen() takes native for auto on Deno Deploy, and ws where it is asked for", async () => {
  process.env.DENO_DEPLOYMENT_ID = "test";
  try {
    const listener = await listen("auto");
    await listener.destroy();
    const onDeploy = { deno: "native", bun: "bun" } as const;
    assert.equal(listener.transport, onDeploy[runtime.name]);
  } finally {
    delete process.env.DENO_DEPLOYMENT_ID;
  }
});

test("listen() refuses a transport the runtime does not have, by name", async () => {
  if (runtime.name === "bun") {
    await assert.rejects(
      listen("ws"),
      /^Error: Cannot listen with transport ws on Bun/,
    );
    return;
  }
  const listener = await listen("ws");
  await listener.destroy();
  assert.equal(listener.transport, "ws");
});

test("listen() on a dual-stack address tells IPv4 peers by their IPv4 address", async () => {
  for (const transport of ["auto", "native"] as const) {
    const listener = await listen(transport, "::");
    try {
      const url = `http://127.0.0.1:${listener.port}/`;
      assert.equal(await (await fetch(url)).text(), "127.0.0.1");
    } finally {
      await listener.destroy();
    }
  }
});

test("destroy() works without stop(), and twice", async () => {
  for (const transport of ["auto", "native"] as const) {
    const listener = await listen(transport);
    await listener.destroy();
    await listener.destroy();
    await listener.stop();
    await assert.rejects(RawWsClient.dial(listener.port));
  }
});
