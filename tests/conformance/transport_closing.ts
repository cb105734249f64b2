import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isPausable,
  isPingable,
  isTerminable,
  type WSConn,
} from "../../src/hub/ws_conn.ts";
import { Frame } from "../../src/protocol/frame.ts";
import { OPCODES } from "../fakes/raw_ws_frames.ts";
import { until } from "../fakes/until.ts";
import { openBench, type Transport } from "./transport_conformance.ts";

/** How sockets end: politely, by neglect, and not at all. */
export function testClosing(transport: Transport): void {
  const { name } = transport;

  test(`${name} closed() tells the peer's code and reason, once and last`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.sendText("last words");
    client.sendClose(4123, "bye \u20ac");
    await until(() => record.isClosed);
    assert.deepEqual(record.received, ["last words"]);
    assert.deepEqual(record.closes, [{ code: 4123, reason: "bye \u20ac" }]);
    assert.equal((await client.nextClose()).code, 4123);
    await client.closed();
    assert.equal(record.closes.length, 1);
  });

  test(`${name} closed() tells 1005 where the peer gave no code`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.sendFrames({ opcode: OPCODES.close });
    await until(() => record.isClosed);
    assert.deepEqual(record.closes, [{ code: 1005, reason: "" }]);
    assert.equal((await client.nextFrame()).opcode, OPCODES.close);
  });

  test(`${name} closed() tells 1006 where the peer vanished`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.destroy();
    await until(() => record.isClosed);
    assert.deepEqual(record.closes.map(({ code }) => code), [1006]);
  });

  test(`${name} closed() tells 1006 where the peer ended TCP without a close frame`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.end();
    await until(() => record.isClosed);
    assert.deepEqual(record.closes.map(({ code }) => code), [1006]);
    await client.closed();
  });

  test(`${name} close() sends code and reason behind what was written`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    for (let n = 0; n < 100; n++) record.conn.write([new Frame(`${n}`)]);
    record.conn.close(4001, "slow consumer");
    for (let n = 0; n < 100; n++) assert.equal(await client.nextText(), `${n}`);
    assert.deepEqual(await client.nextClose(), {
      code: 4001,
      reason: "slow consumer",
    });
    if (transport.closesWithoutAnswer === undefined) {
      assert.ok(!client.isClosed);
      client.sendClose(4001, "slow consumer");
    }
    await client.closed();
    await until(() => record.isClosed);
    assert.deepEqual(record.closes, [{ code: 4001, reason: "slow consumer" }]);
  });

  test(`${name} close() takes a reason of 123 bytes, and a second call is harmless`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const reason = "r".repeat(123);
    record.conn.close(4000, reason);
    record.conn.close(4001, "too late");
    assert.deepEqual(await client.nextClose(), { code: 4000, reason });
    client.sendClose(4000);
    await client.closed();
    assert.equal(client.pendingFrames, 0);
  });

  test(`${name} close() from inside open() is told behind it`, async () => {
    await using bench = await openBench(transport);
    let closesInside = -1;
    bench.endpoint.onOpen = (record) => {
      record.conn.close(4505, "too many connections");
      closesInside = record.closes.length;
    };
    const { client, record } = await bench.pair();
    assert.equal(closesInside, 0);
    assert.deepEqual(await client.nextClose(), {
      code: 4505,
      reason: "too many connections",
    });
    client.sendClose(4505);
    await until(() => record.isClosed);
  });

  test(`${name} write() says closed once the socket closes, and sends nothing`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    record.conn.close(1000, "normal");
    assert.equal(record.conn.write([new Frame("late")]), "closed");
    assert.equal((await client.nextClose()).code, 1000);
    client.sendClose(1000);
    await until(() => record.isClosed);
    assert.equal(record.conn.write([new Frame("later")]), "closed");
    assert.equal(client.pendingFrames, 0);
  });

  test(`${name} write() says closed after the peer vanished`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.destroy();
    await until(() => record.conn.write([new Frame("x")]) === "closed");
    await until(() => record.isClosed);
  });

  test(`${name} closed() never comes from inside a call of the owner`, async () => {
    await using bench = await openBench(transport);
    const closing = await bench.pair();
    closing.record.conn.close(4000, "draining");
    assert.equal(closing.record.closes.length, 0);
    closing.client.sendClose(4000);
    await until(() => closing.record.isClosed);
    const lost = await bench.pair();
    if (!isTerminable(lost.record.conn)) return;
    lost.record.conn.terminate();
    assert.equal(lost.record.closes.length, 0);
    await until(() => lost.record.isClosed);
  });

  test(`${name} terminate() ends a socket whose peer never answers the close`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const { conn } = record;
    conn.close(4002, "heartbeat timeout");
    assert.equal((await client.nextClose()).code, 4002);
    if (isTerminable(conn)) {
      conn.terminate();
      conn.terminate();
      await client.closed();
    } else {
      // The hub forgets it; the socket says what became of it when TCP ends.
      client.destroy();
    }
    await until(() => record.isClosed);
    assert.equal(record.closes.length, 1);
  });

  test(`${name} terminate() ends a socket at once, without a close frame`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const { conn } = record;
    if (!isTerminable(conn)) {
      return assert.ok(!transport.abilities.includes("terminate"));
    }
    conn.terminate();
    await client.closed();
    await until(() => record.isClosed);
    assert.equal(client.pendingFrames, 0);
    assert.deepEqual(record.closes.map(({ code }) => code), [1006]);
  });

  test(`${name} no method throws, whatever has become of the socket`, async () => {
    await using bench = await openBench(transport);
    const closing = await bench.pair();
    closing.record.conn.close(4000, "draining");
    callEverything(closing.record.conn);
    const lost = await bench.pair();
    lost.client.destroy();
    // Gone, and it may not have been noticed yet.
    callEverything(lost.record.conn);
    await until(() => lost.record.isClosed);
    const closed = await bench.pair();
    closed.client.sendClose(1000);
    await until(() => closed.record.isClosed);
    callEverything(closed.record.conn);
    assert.equal(closed.record.conn.write([new Frame("late")]), "closed");
    assert.equal(closed.record.closes.length, 1);
  });

  test(`${name} survives peers that vanish in the middle of a frame`, async () => {
    await using bench = await openBench(transport);
    for (
      const bytes of [[0x81], [0x81, 0xfe, 0x01], [0x01, 0x81, 1, 2, 3, 4]]
    ) {
      const { client, record } = await bench.pair();
      client.sendBytes(Uint8Array.from(bytes));
      client.end();
      await until(() => record.isClosed);
      assert.deepEqual(record.received, []);
    }
    assert.deepEqual(bench.endpoint.errors, []);
  });
}

function callEverything(conn: WSConn): void {
  conn.write([new Frame("x")]);
  if (isPingable(conn)) conn.ping();
  if (isPausable(conn)) {
    conn.pause();
    conn.resume();
  }
  conn.close(4001, "slow consumer");
  if (isTerminable(conn)) conn.terminate();
  assert.ok(conn.bufferedAmount >= 0);
  assert.equal(typeof conn.remoteAddress, "string");
}
