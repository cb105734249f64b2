import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isDrainable,
  isPausable,
  isTerminable,
  type WSConn,
} from "../../src/hub/ws_conn.ts";
import { Frame } from "../../src/protocol/frame.ts";
import type { RawWsClient } from "../fakes/raw_ws_client.ts";
import { OPCODES } from "../fakes/raw_ws_frames.ts";
import { until } from "../fakes/until.ts";
import {
  type Bench,
  openBench,
  type Transport,
} from "./transport_conformance.ts";

const HIGH_WATER_BYTES = 64 * 1024;
const FRAME_BYTES = 1024;
const FRAMES_A_WRITE = 32;
const WRITE_BYTES = FRAME_BYTES * FRAMES_A_WRITE;
/** More than any socket buffer of the kernel holds; a write loop that gets this far is not held back. */
const MAX_WRITES = 2_000;

/** Numbered frames, so that a lost, repeated or swapped one shows. */
class Numbered {
  #next = 0;
  get count(): number {
    return this.#next;
  }

  batch(): Frame[] {
    return Array.from(
      { length: FRAMES_A_WRITE },
      () => new Frame(`${this.#next++} `.padEnd(FRAME_BYTES, ".")),
    );
  }
}

/** Writes once a tick until the socket asks for a pause; what the hub does. */
async function writeUntilBackpressure(
  conn: WSConn,
  numbered: Numbered,
): Promise<void> {
  for (let n = 0; n < MAX_WRITES; n++) {
    const status = conn.write(numbered.batch());
    assert.notEqual(status, "closed");
    if (status === "backpressure") return;
    assert.ok(conn.bufferedAmount <= HIGH_WATER_BYTES);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.fail("Cannot fill the socket: no backpressure");
}

async function expectNumbers(
  client: RawWsClient,
  { from, to }: { from: number; to: number },
): Promise<void> {
  for (let n = from; n < to; n++) {
    const text = await client.nextText();
    assert.equal(text.length, FRAME_BYTES);
    assert.equal(Number.parseInt(text), n);
  }
}

/** Some turns of the event loop on both ends, proven by answers that came over the same port. */
async function letTimePass(bench: Bench): Promise<void> {
  for (let n = 0; n < 3; n++) {
    const url = `http://127.0.0.1:${bench.listener.port}/`;
    assert.equal(await (await fetch(url)).text(), "ok");
  }
}

/** Peers that do not read, and a server that does not. */
export function testFlow(transport: Transport): void {
  const { name } = transport;

  test(`${name} write() says backpressure to a peer that stops reading, and nothing is lost`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const { conn } = record;
    const numbered = new Numbered();
    client.pause();
    await writeUntilBackpressure(conn, numbered);
    assert.ok(conn.bufferedAmount > HIGH_WATER_BYTES);
    // One write above the mark, with its headers; native counts what Deno has yet to take, too.
    assert.ok(
      conn.bufferedAmount <= HIGH_WATER_BYTES + 2 * WRITE_BYTES,
      `${conn.bufferedAmount} bytes are buffered`,
    );
    assert.equal(record.drainedCount, 0);
    client.resume();
    await expectNumbers(client, { from: 0, to: numbered.count });
    await until(() => conn.bufferedAmount === 0);
    assert.equal(conn.write([new Frame("more")]), "ok");
    assert.equal(await client.nextText(), "more");
  });

  test(`${name} drained() comes once after each backpressure`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const { conn } = record;
    if (!isDrainable(conn)) {
      return assert.ok(!transport.abilities.includes("drain"));
    }
    const numbered = new Numbered();
    for (const round of [1, 2, 3]) {
      const from = numbered.count;
      client.pause();
      await writeUntilBackpressure(conn, numbered);
      // Written against the advice: still one drain.
      assert.equal(conn.write(numbered.batch()), "backpressure");
      await letTimePass(bench);
      assert.equal(record.drainedCount, round - 1);
      client.resume();
      await expectNumbers(client, { from, to: numbered.count });
      await until(() => record.drainedCount === round);
      assert.ok(conn.bufferedAmount <= HIGH_WATER_BYTES);
    }
    await letTimePass(bench);
    assert.equal(record.drainedCount, 3);
  });

  test(`${name} write() judges by highWaterBytes`, async () => {
    const highWaterBytes = 1024 * 1024;
    await using bench = await openBench(transport, { highWaterBytes });
    const { client, record } = await bench.pair();
    client.pause();
    const big = [new Frame("b".repeat(256 * 1024))];
    let bytes = 0;
    while (record.conn.write(big) !== "backpressure") {
      bytes += 256 * 1024;
      assert.ok(bytes < 64 * 1024 * 1024);
      assert.ok(record.conn.bufferedAmount <= highWaterBytes);
    }
    assert.ok(record.conn.bufferedAmount > highWaterBytes);
  });

  test(`${name} a peer that stops reading holds nobody else up`, async () => {
    await using bench = await openBench(transport);
    const stuck = await bench.pair();
    const healthy = await bench.pair();
    stuck.client.pause();
    await writeUntilBackpressure(stuck.record.conn, new Numbered());
    for (let n = 0; n < 30; n++) {
      const frames = [new Frame(`${n}`)];
      assert.notEqual(stuck.record.conn.write(frames), "closed");
      assert.equal(healthy.record.conn.write(frames), "ok");
      assert.equal(await healthy.client.nextText(), `${n}`);
    }
  });

  test(`${name} terminate() frees a socket whose peer stopped reading`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const { conn } = record;
    client.pause();
    await writeUntilBackpressure(conn, new Numbered());
    conn.close(4001, "slow consumer");
    assert.equal(conn.write([new Frame("late")]), "closed");
    if (isTerminable(conn)) conn.terminate();
    else client.destroy();
    await until(() => record.isClosed);
    assert.equal(record.closes.length, 1);
    assert.equal(record.drainedCount, 0);
  });

  test(`${name} close() reaches a slow peer behind all that was written`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const numbered = new Numbered();
    client.pause();
    await writeUntilBackpressure(record.conn, numbered);
    record.conn.close(4001, "slow consumer");
    client.resume();
    await expectNumbers(client, { from: 0, to: numbered.count });
    assert.deepEqual(await client.nextClose(), {
      code: 4001,
      reason: "slow consumer",
    });
  });

  test(`${name} pause() reads no more until resume()`, async () => {
    await using bench = await openBench(transport, {
      maxMessageBytes: () => 100_000,
    });
    const { client, record } = await bench.pair();
    const { conn } = record;
    if (!isPausable(conn)) {
      return assert.ok(!transport.abilities.includes("pause"));
    }
    conn.pause();
    const message = "m".repeat(100_000);
    let sent = 0;
    // TCP is full when the client keeps what it writes.
    for (; client.unsentBytes < message.length && sent < 500; sent++) {
      client.sendText(message);
      await letTimePass(bench);
    }
    assert.ok(sent < 500);
    assert.deepEqual(record.received, []);
    conn.resume();
    await until(() => record.received.length === sent);
    assert.ok(record.byteLengths.every((bytes) => bytes === message.length));
  });

  test(`${name} survives a peer that pings and never reads`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.pause();
    await writeUntilBackpressure(record.conn, new Numbered());
    const pings = Array.from({ length: 500 }, () => ({
      opcode: OPCODES.ping,
      payload: "p".repeat(125),
    }));
    // Either the transport has enough of it, or it reads no more and TCP is full.
    for (let n = 0; n < 500 && !record.isClosed; n++) {
      if (client.unsentBytes > HIGH_WATER_BYTES) break;
      client.sendFrames(...pings);
      await letTimePass(bench);
    }
    assert.ok(record.isClosed || client.unsentBytes > HIGH_WATER_BYTES);
    assert.ok(
      record.conn.bufferedAmount <= HIGH_WATER_BYTES + 2 * WRITE_BYTES,
    );
    const other = await bench.pair();
    other.client.sendText("still here");
    await until(() => other.record.received.length === 1);
  });
}
