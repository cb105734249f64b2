import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { test } from "node:test";
import { isHealthy } from "../../../tools/healthcheck.ts";

async function withServer(
  answer: RequestListener,
  run: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  try {
    await run(`http://127.0.0.1:${address.port}/health`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("isHealthy() is true for 200 and false for 503", async () => {
  for (const [status, expected] of [[200, true], [503, false]] as const) {
    await withServer((_request, response) => {
      response.writeHead(status).end("{}");
    }, async (url) => assert.equal(await isHealthy(url), expected));
  }
});

test("isHealthy() is false where nobody answers in time", async () => {
  await withServer(() => {}, async (url) => {
    assert.equal(await isHealthy(url, 100), false);
  });
});

test("isHealthy() is false where nobody listens", async () => {
  let url = "";
  await withServer(() => {}, (free) => {
    url = free;
    return Promise.resolve();
  });
  assert.equal(await isHealthy(url), false);
});
