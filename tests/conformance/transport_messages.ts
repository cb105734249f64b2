import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import {
  isDrainable,
  isPausable,
  isPingable,
  isTerminable,
} from "../../src/hub/ws_conn.ts";
import { Frame } from "../../src/protocol/frame.ts";
import { handshakeRequest } from "../fakes/raw_ws_client.ts";
import { encodeFrame, OPCODES } from "../fakes/raw_ws_frames.ts";
import { until } from "../fakes/until.ts";
import { openBench, type Transport } from "./transport_conformance.ts";

/** What a WebSocket is for: messages both ways, whole and in order. */
export function testMessages(transport: Transport): void {
  const { name } = transport;

  test(`${name} open() gets a socket with the peer's plain address`, async () => {
    await using bench = await openBench(transport);
    const { record } = await bench.pair();
    assert.equal(record.conn.remoteAddress, "127.0.0.1");
    assert.equal(record.conn.bufferedAmount, 0);
  });

  test(`${name} open() gets the abilities the transport claims, and no others`, async () => {
    await using bench = await openBench(transport);
    const { record: { conn } } = await bench.pair();
    const abilities = {
      ping: isPingable(conn),
      terminate: isTerminable(conn),
      drain: isDrainable(conn),
      pause: isPausable(conn),
    };
    for (const [ability, isThere] of Object.entries(abilities)) {
      assert.equal(
        isThere,
        transport.abilities.some((claimed) => claimed === ability),
        ability,
      );
    }
  });

  test(`${name} write() works from inside open()`, async () => {
    await using bench = await openBench(transport);
    bench.endpoint.onOpen = ({ conn }) => {
      assert.equal(conn.write([new Frame("welcome")]), "ok");
    };
    const { client } = await bench.pair();
    assert.equal(await client.nextText(), "welcome");
  });

  test(`${name} receive() gets a text message as string with its size in bytes`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.sendText("h\u00e9\u{1f600}");
    await until(() => record.received.length === 1);
    assert.deepEqual(record.received, ["h\u00e9\u{1f600}"]);
    // h is one byte, é two, 😀 four.
    assert.deepEqual(record.byteLengths, [7]);
  });

  test(`${name} receive() keeps a byte order mark and a null character`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.sendText("\ufeffa\0b");
    await until(() => record.received.length === 1);
    assert.deepEqual(record.received, ["\ufeffa\0b"]);
    assert.deepEqual(record.byteLengths, [6]);
  });

  test(`${name} receive() gets a binary message as bytes`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.sendFrames({
      opcode: OPCODES.binary,
      payload: Uint8Array.of(0, 255, 128),
    });
    await until(() => record.received.length === 1);
    const [bytes] = record.received;
    assert.ok(bytes instanceof Uint8Array);
    assert.deepEqual([...bytes], [0, 255, 128]);
    assert.deepEqual(record.byteLengths, [3]);
  });

  test(`${name} receive() gets empty messages too`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.sendFrames({ opcode: OPCODES.text }, { opcode: OPCODES.binary });
    await until(() => record.received.length === 2);
    assert.equal(record.received[0], "");
    assert.equal(record.received[1]?.length, 0);
    assert.deepEqual(record.byteLengths, [0, 0]);
  });

  test(`${name} receive() gets a fragmented message whole, with a ping among its fragments`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const euro = Buffer.from("\u20ac");
    client.sendFrames(
      // The euro sign is cut in two.
      { opcode: OPCODES.text, fin: false, payload: euro.subarray(0, 1) },
      { opcode: OPCODES.ping, payload: "between" },
      { opcode: OPCODES.continuation, fin: false },
      { opcode: OPCODES.continuation, payload: euro.subarray(1) },
    );
    await until(() => record.received.length === 1);
    assert.deepEqual(record.received, ["\u20ac"]);
    const pong = await client.nextFrame();
    assert.equal(pong.opcode, OPCODES.pong);
    assert.equal(pong.payload.toString(), "between");
  });

  test(`${name} receive() gets many messages of one TCP segment in order`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const texts = Array.from({ length: 500 }, (_, n) => `message ${n}`);
    client.sendFrames(
      ...texts.map((payload) => ({ opcode: OPCODES.text, payload })),
    );
    await until(() => record.received.length === texts.length);
    assert.deepEqual(record.received, texts);
  });

  test(`${name} receive() gets a message that comes with the handshake, byte by byte`, async () => {
    await using bench = await openBench(transport);
    const client = await bench.dial();
    const frame = encodeFrame({ opcode: OPCODES.text, payload: "early" });
    client.sendBytes(
      Buffer.concat([Buffer.from(handshakeRequest()), frame.subarray(0, 3)]),
    );
    await until(() => bench.endpoint.records.length === 1);
    for (const byte of frame.subarray(3)) client.sendBytes(Uint8Array.of(byte));
    await until(() => bench.endpoint.records[0]?.received.length === 1);
    assert.deepEqual(bench.endpoint.records[0]?.received, ["early"]);
  });

  test(`${name} write() sends text and binary frames in order`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const status = record.conn.write([
      new Frame("\u20ac"),
      new Frame(Uint8Array.of(1, 2)),
      new Frame(""),
      new Frame("x".repeat(126)),
      new Frame("y".repeat(65_536)),
    ]);
    assert.notEqual(status, "closed");
    assert.equal(await client.nextText(), "\u20ac");
    const binary = await client.nextFrame();
    assert.equal(binary.opcode, OPCODES.binary);
    assert.deepEqual([...binary.payload], [1, 2]);
    assert.equal(await client.nextText(), "");
    assert.equal(await client.nextText(), "x".repeat(126));
    assert.equal(await client.nextText(), "y".repeat(65_536));
  });

  test(`${name} write() sends 1,000 frames of one call in order`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const frames = Array.from({ length: 1_000 }, (_, n) => new Frame(`${n}`));
    assert.equal(record.conn.write(frames), "ok");
    for (let n = 0; n < frames.length; n++) {
      assert.equal(await client.nextText(), `${n}`);
    }
  });

  test(`${name} write() sends the same array to all, and other arrays between`, async () => {
    await using bench = await openBench(transport);
    const pairs = [
      await bench.pair(),
      await bench.pair(),
      await bench.pair(),
    ];
    const shared = [new Frame("a"), new Frame("b")];
    const [one, both] = [[new Frame("only")], [...shared, new Frame("c")]];
    for (const frames of [shared, one, shared, both, shared]) {
      for (const { record } of pairs) record.conn.write(frames);
    }
    // One at a time, too: what is remembered of the last array must not leak into the next.
    for (const { record } of pairs) {
      record.conn.write(one);
      record.conn.write(shared);
    }
    const expected = "a b only a b a b c a b only a b".split(" ");
    for (const { client } of pairs) {
      for (const text of expected) assert.equal(await client.nextText(), text);
      assert.equal(client.pendingFrames, 0);
    }
  });

  test(`${name} write() of nothing sends nothing`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    assert.equal(record.conn.write([]), "ok");
    record.conn.write([new Frame("next")]);
    assert.equal(await client.nextText(), "next");
  });

  test(`${name} alive() hears pings, which are answered`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.sendFrames({ opcode: OPCODES.ping, payload: "hi" });
    const pong = await client.nextFrame();
    assert.equal(pong.opcode, OPCODES.pong);
    assert.equal(pong.payload.toString(), "hi");
    // Where pings cannot be sent they cannot be heard either.
    assert.equal(record.aliveCount, isPingable(record.conn) ? 1 : 0);
  });

  test(`${name} ping() keeps its place among messages, and alive() hears the pong`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    const { conn } = record;
    if (!isPingable(conn)) {
      client.sendFrames({ opcode: OPCODES.pong });
      client.sendText("done");
      await until(() => record.received.length === 1);
      return assert.equal(record.aliveCount, 0);
    }
    conn.write([new Frame("before")]);
    conn.ping();
    conn.write([new Frame("after")]);
    assert.equal(await client.nextText(), "before");
    assert.equal((await client.nextFrame()).opcode, OPCODES.ping);
    assert.equal(await client.nextText(), "after");
    client.sendFrames({ opcode: OPCODES.pong });
    await until(() => record.aliveCount === 1);
  });
}
