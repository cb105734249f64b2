import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { Frame } from "../../src/protocol/frame.ts";
import type { HandshakeOptions } from "../fakes/raw_ws_client.ts";
import { OPCODES, type ReceivedFrame } from "../fakes/raw_ws_frames.ts";
import { until } from "../fakes/until.ts";
import { openBench, type Transport } from "./transport_conformance.ts";

const RSV1 = 4;
const LIMIT_BYTES = 10_000;
const BIG = "compress me ".repeat(500);

/** A handshake that offers RFC 7692, as a browser does. */
function offer(parameters = "client_max_window_bits"): HandshakeOptions {
  return {
    headers: {
      "Sec-WebSocket-Extensions": `permessage-deflate; ${parameters}`,
    },
  };
}

/** RFC 7692 §7.2.1. */
function deflate(text: string): Buffer {
  const bytes = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
  return bytes.subarray(0, -4);
}

/** RFC 7692 §7.2.2, with a context of its own: that there is no takeover shows here. */
function inflate({ payload, rsv }: ReceivedFrame, windowBits = 15): string {
  if (rsv === 0) return payload.toString();
  const bytes = Buffer.concat([payload, Buffer.of(0, 0, 0xff, 0xff)]);
  const finishFlush = constants.Z_SYNC_FLUSH;
  return inflateRawSync(bytes, { finishFlush, windowBits }).toString();
}

/** permessage-deflate, where the transport has it. */
export function testCompression(transport: Transport): void {
  const { name } = transport;

  test(`${name} listen() answers no extension unless compression is on`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair(offer());
    assert.ok(!client.answer.headers.has("sec-websocket-extensions"));
    record.conn.write([new Frame(BIG)]);
    assert.equal(await client.nextText(), BIG);
  });

  if (transport.cannotCompress !== undefined) {
    test(`${name} listen() refuses compression by name`, async () => {
      await assert.rejects(
        openBench(transport, { compression: true }),
        /^Error: Cannot compress with transport native: /,
      );
    });
    return;
  }

  const options = { compression: true, maxMessageBytes: () => LIMIT_BYTES };

  test(`${name} write() compresses large frames for who negotiated it, each by itself`, async () => {
    await using bench = await openBench(transport, options);
    const deflating = await bench.pair(offer());
    const plain = await bench.pair();
    const answered = deflating.client.answer.headers.get(
      "sec-websocket-extensions",
    );
    assert.match(answered ?? "", /^permessage-deflate/);
    assert.match(answered ?? "", /server_no_context_takeover/);
    assert.ok(!plain.client.answer.headers.has("sec-websocket-extensions"));
    const texts = [BIG, "small", BIG, `${BIG}\u20ac`];
    const frames = texts.map((text) => new Frame(text));
    for (let round = 0; round < 2; round++) {
      for (const { record } of [deflating, plain]) record.conn.write(frames);
    }
    for (const text of [...texts, ...texts]) {
      const frame = await deflating.client.nextFrame();
      assert.equal(frame.opcode, OPCODES.text);
      assert.equal(frame.rsv, text === "small" ? 0 : RSV1);
      assert.ok(frame.payload.length < 500);
      assert.equal(inflate(frame), text);
      assert.equal(await plain.client.nextText(), text);
    }
  });

  test(`${name} write() keeps to a smaller window where the peer asks for one`, async () => {
    await using bench = await openBench(transport, options);
    const { client, record } = await bench.pair(
      offer("server_max_window_bits=9"),
    );
    // Repeats over more than 512 bytes: a larger window would reach back too far.
    const block = Array.from({ length: 200 }, (_, n) => `${n * 7919}`).join();
    const text = block.repeat(4);
    record.conn.write([new Frame(text)]);
    assert.equal(inflate(await client.nextFrame(), 9), text);
  });

  test(`${name} receive() gets compressed messages, with their inflated size`, async () => {
    await using bench = await openBench(transport, options);
    const { client, record } = await bench.pair(offer());
    const payload = deflate(BIG);
    client.sendFrames({ opcode: OPCODES.text, rsv: RSV1, payload });
    client.sendText("uncompressed");
    client.sendFrames(
      {
        opcode: OPCODES.text,
        rsv: RSV1,
        fin: false,
        payload: payload.subarray(0, 5),
      },
      { opcode: OPCODES.continuation, payload: payload.subarray(5) },
    );
    await until(() => record.received.length === 3);
    assert.deepEqual(record.received, [BIG, "uncompressed", BIG]);
    assert.deepEqual(record.byteLengths, [6_000, 12, 6_000]);
  });

  test(`${name} receive() never sees what inflates over the limit: 1009`, async () => {
    await using bench = await openBench(transport, options);
    for (const bytes of [LIMIT_BYTES + 1, 50_000_000]) {
      const { client, record } = await bench.pair(offer());
      client.sendFrames({
        opcode: OPCODES.text,
        rsv: RSV1,
        payload: deflate("0".repeat(bytes)).subarray(0, LIMIT_BYTES),
      });
      assert.equal((await client.nextClose()).code, 1009);
      assert.deepEqual(record.received, []);
    }
  });

  test(`${name} receive() never sees what does not inflate`, async () => {
    await using bench = await openBench(transport, options);
    const { client, record } = await bench.pair(offer());
    client.sendFrames({
      opcode: OPCODES.text,
      rsv: RSV1,
      // A block of the reserved type 3.
      payload: Uint8Array.of(0x07, 0xff, 0xff),
    });
    assert.ok([1002, 1007].includes((await client.nextClose()).code));
    assert.deepEqual(record.received, []);
  });

  test(`${name} limitsChanged() holds compressed messages to the new limit`, async () => {
    let limit = 1_000;
    await using bench = await openBench(transport, {
      compression: true,
      maxMessageBytes: () => limit,
    });
    const { client, record } = await bench.pair(offer());
    limit = 6_000;
    bench.listener.limitsChanged();
    const payload = deflate(BIG);
    client.sendFrames({ opcode: OPCODES.text, rsv: RSV1, payload });
    await until(() => record.received.length === 1);
    limit = 5_999;
    bench.listener.limitsChanged();
    client.sendFrames({ opcode: OPCODES.text, rsv: RSV1, payload });
    assert.equal((await client.nextClose()).code, 1009);
    assert.equal(record.received.length, 1);
  });
}
