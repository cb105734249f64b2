import assert from "node:assert/strict";
import { test } from "node:test";
import { Frame } from "../../src/protocol/frame.ts";
import type { ListenOptions } from "../../src/runtime/runtime.ts";
import { RawWsClient } from "../fakes/raw_ws_client.ts";
import { until } from "../fakes/until.ts";
import { openBench, type Transport } from "./transport_conformance.ts";

/** A request that leaves its connection open. */
const PLAIN_HTTP = {
  path: "/",
  headers: { "Connection": "keep-alive", "Upgrade": undefined },
};

/** The port: HTTP beside WebSockets, upgrades granted and refused, and the end of it all. */
export function testPort(transport: Transport): void {
  const { name } = transport;

  test(`${name} listen() tells host, port and transport`, async () => {
    await using bench = await openBench(transport);
    assert.equal(bench.listener.host, "127.0.0.1");
    assert.ok(bench.listener.port > 0);
    assert.equal(bench.listener.transport, transport.name);
  });

  test(`${name} listen() refuses a port that is taken, by name`, async () => {
    await using bench = await openBench(transport);
    const { port } = bench.listener;
    await assert.rejects(openBench(transport, { port }), (error: Error) => {
      assert.equal(
        error.message,
        `Cannot listen on 127.0.0.1:${port}: address in use`,
      );
      assert.ok(error.cause instanceof Error);
      return true;
    });
  });

  test(`${name} listen() refuses an address of another machine`, async () => {
    await assert.rejects(
      openBench(transport, { host: "203.0.113.1", port: 0 }),
      /^Error: Cannot listen on 203\.0\.113\.1:0: this machine does not have that address$/,
    );
  });

  test(`${name} fetch() answers on the same port while sockets are open`, async () => {
    const seen: string[] = [];
    await using bench = await openBench(transport, {
      async fetch(request, { remoteAddress }) {
        const { pathname } = new URL(request.url);
        const body = await request.text();
        seen.push(`${request.method} ${pathname} ${remoteAddress}`);
        return new Response(`got ${body.length}`, { status: 201 });
      },
    });
    const { client, record } = await bench.pair();
    const url = `http://127.0.0.1:${bench.listener.port}/api/rooms`;
    const body = "b".repeat(100_000);
    const response = await fetch(url, { method: "POST", body });
    assert.equal(response.status, 201);
    assert.equal(await response.text(), "got 100000");
    assert.equal((await fetch(url)).status, 201);
    await (await fetch(url)).text();
    assert.equal(seen[0], "POST /api/rooms 127.0.0.1");
    record.conn.write([new Frame("still open")]);
    assert.equal(await client.nextText(), "still open");
  });

  test(`${name} fetch() gets an upgrade to anything but WebSocket`, async () => {
    await using bench = await openBench(transport);
    const client = await bench.connect({
      headers: { "Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c" },
    });
    assert.equal(client.answer.status, 200);
    assert.equal(bench.endpoint.upgradeCount, 0);
  });

  test(`${name} fetch() that throws answers 500 and is told to onError`, async () => {
    const failure = new Error("broken");
    await using bench = await openBench(transport, {
      fetch() {
        throw failure;
      },
    });
    const url = `http://127.0.0.1:${bench.listener.port}/`;
    const response = await fetch(url);
    assert.equal(response.status, 500);
    assert.ok(!(await response.text()).includes("broken"));
    assert.deepEqual(bench.endpoint.errors, [failure]);
  });

  test(`${name} listen() is not made to report a failure by a malformed Host`, async () => {
    await using bench = await openBench(transport);
    const client = await bench.connect({
      ...PLAIN_HTTP,
      headers: { ...PLAIN_HTTP.headers, "Host": "a b/c" },
    });
    assert.notEqual(client.answer.status, 500);
    assert.deepEqual(bench.endpoint.errors, []);
  });

  test(`${name} fetch() that rejects answers 500 and is told to onError`, async () => {
    const failure = new Error("broken");
    await using bench = await openBench(transport, {
      fetch: () => Promise.reject(failure),
    });
    const url = `http://127.0.0.1:${bench.listener.port}/`;
    const response = await fetch(url);
    assert.equal(response.status, 500);
    await response.text();
    assert.deepEqual(bench.endpoint.errors, [failure]);
  });

  test(`${name} answers malformed HTTP with 400 and goes on`, async () => {
    await using bench = await openBench(transport);
    const client = await bench.dial();
    client.sendBytes("NONSENSE\r\n\r\n");
    await client.closed();
    assert.equal(client.answer.status, 400);
    const reset = await bench.dial();
    reset.sendBytes("GET / HTTP/1.1\r\nHost");
    reset.destroy();
    await bench.pair();
    assert.deepEqual(bench.endpoint.errors, []);
  });

  test(`${name} answers headers without end with an error`, async () => {
    await using bench = await openBench(transport);
    const client = await bench.dial();
    client.sendBytes(`GET / HTTP/1.1\r\nX: ${"x".repeat(1024 * 1024)}`);
    await client.closed();
    assert.ok([400, 431].includes(client.answer.status));
    await bench.pair();
  });

  test(`${name} upgrade() sees target, headers and address as sent`, async () => {
    const seen: (string | undefined)[] = [];
    await using bench = await openBench(transport);
    bench.endpoint.decide = (request) => {
      seen.push(
        request.target,
        request.header("origin"),
        request.header("x-two"),
        request.header("authorization"),
        request.remoteAddress,
      );
      return bench.endpoint.accept();
    };
    await bench.connect({
      path: "/ws?client_id=a%20b",
      headers: { "Origin": "https://example.org", "X-Two": "1, 2" },
    });
    assert.deepEqual(seen, [
      "/ws?client_id=a%20b",
      "https://example.org",
      "1, 2",
      undefined,
      "127.0.0.1",
    ]);
  });

  test(`${name} upgrade() decides on the subprotocol that is answered`, async () => {
    await using bench = await openBench(transport);
    const headers = { "Sec-WebSocket-Protocol": "other, hubbub.v1.json" };
    bench.endpoint.decide = () => bench.endpoint.accept("hubbub.v1.json");
    const chosen = await bench.connect({ headers });
    assert.equal(chosen.answer.status, 101);
    assert.equal(
      chosen.answer.headers.get("sec-websocket-protocol"),
      "hubbub.v1.json",
    );
    bench.endpoint.decide = () => bench.endpoint.accept();
    for (const options of [{ headers }, {}]) {
      const none = await bench.connect(options);
      assert.equal(none.answer.status, 101);
      assert.ok(!none.answer.headers.has("sec-websocket-protocol"));
    }
  });

  test(`${name} upgrade() that refuses answers status and body, and ends the connection`, async () => {
    await using bench = await openBench(transport);
    bench.endpoint.decide = () => ({
      type: "refuse",
      status: 403,
      body: "forbidden origin \u20ac",
    });
    const client = await bench.connect();
    assert.equal(client.answer.status, 403);
    assert.equal(client.answer.headers.get("connection"), "close");
    assert.match(
      client.answer.headers.get("content-type") ?? "",
      /^text\/plain/,
    );
    await until(() => client.body === "forbidden origin \u20ac");
    client.end();
    await client.closed();
    assert.deepEqual(bench.endpoint.records, []);
  });

  test(`${name} upgrade() without a proper handshake opens nothing`, async () => {
    await using bench = await openBench(transport);
    const improper = [
      { headers: { "Sec-WebSocket-Key": undefined } },
      { headers: { "Sec-WebSocket-Key": "short" } },
      { headers: { "Sec-WebSocket-Version": undefined } },
      { headers: { "Sec-WebSocket-Version": "12" } },
      { method: "POST", headers: { "Content-Length": "0" } },
    ];
    for (const options of improper) {
      const { answer } = await bench.connect(options);
      assert.ok(
        answer.status >= 400 && answer.status < 500,
        `${answer.status}`,
      );
    }
    assert.deepEqual(bench.endpoint.records, []);
    assert.deepEqual(bench.endpoint.errors, []);
  });

  test(`${name} upgrade() that throws answers 500 and is told to onError`, async () => {
    await using bench = await openBench(transport);
    const failure = new Error("broken");
    bench.endpoint.decide = () => {
      throw failure;
    };
    const { answer } = await bench.connect();
    assert.equal(answer.status, 500);
    assert.deepEqual(bench.endpoint.errors, [failure]);
  });

  test(`${name} open() that throws drops the socket and is told to onError`, async () => {
    await using bench = await openBench(transport);
    const failure = new Error("broken");
    bench.endpoint.onOpen = () => {
      throw failure;
    };
    const client = await bench.connect();
    await until(() => bench.endpoint.errors.length === 1);
    assert.deepEqual(bench.endpoint.errors, [failure]);
    if (transport.abilities.includes("terminate")) await client.closed();
    else assert.equal((await client.nextClose()).code, 1011);
  });

  test(`${name} stop() takes nobody new, frees the port, and leaves sockets open`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const { port } = bench.listener;
    await bench.listener.stop();
    if (transport.keepsPort === undefined) {
      await assert.rejects(RawWsClient.dial(port));
      await (await transport.listen(quietOptions(port))).destroy();
    } else {
      assert.equal((await bench.connect()).answer.status, 503);
      const response = await fetch(`http://127.0.0.1:${port}/`);
      assert.equal(response.status, 503);
      await response.text();
    }
    client.sendText("after stop");
    await until(() => record.received.length === 1);
    record.conn.write([new Frame("answer")]);
    assert.equal(await client.nextText(), "answer");
    await bench.listener.stop();
  });

  test(`${name} stop() ends HTTP connections that rest`, async () => {
    await using bench = await openBench(transport);
    const client = await bench.connect(PLAIN_HTTP);
    await until(() => client.body === "ok");
    await bench.listener.stop();
    if (transport.keepsPort === undefined) await client.closed();
  });

  test(`${name} destroy() drops every socket and resolves`, async () => {
    await using bench = await openBench(transport);
    const [reading, stuck] = [await bench.pair(), await bench.pair()];
    const resting = await bench.connect(PLAIN_HTTP);
    stuck.client.pause();
    stuck.record.conn.write([new Frame("x".repeat(8 * 1024 * 1024))]);
    await bench.listener.destroy();
    await reading.client.closed();
    await resting.closed();
    await until(() => reading.record.isClosed);
    await assert.rejects(RawWsClient.dial(bench.listener.port));
    await bench.listener.destroy();
    assert.deepEqual(bench.endpoint.errors, []);
  });
}

function quietOptions(port: number): ListenOptions {
  return {
    host: "127.0.0.1",
    port,
    transport: "auto",
    compression: false,
    maxMessageBytes: () => 1_000,
    fetch: () => new Response(),
    upgrade: () => ({ type: "refuse", status: 404, body: "not found" }),
    onError() {},
  };
}
