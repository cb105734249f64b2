import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import type { RawWsClient } from "../fakes/raw_ws_client.ts";
import {
  closePayload,
  type FrameFields,
  OPCODES,
} from "../fakes/raw_ws_frames.ts";
import { until } from "../fakes/until.ts";
import {
  type Bench,
  openBench,
  type Transport,
} from "./transport_conformance.ts";

interface BrokenFrames {
  readonly what: string;
  readonly frames: readonly FrameFields[];
  /** RFC 6455 §7.4.1. */
  readonly code: 1002 | 1007;
}

const { text, binary, continuation, close, ping } = OPCODES;

/** What no client may send, by the section of RFC 6455 that forbids it. */
const BROKEN: readonly BrokenFrames[] = [
  // §8.1
  {
    what: "invalid UTF-8",
    frames: [{ opcode: text, payload: Uint8Array.of(0x61, 0xff) }],
    code: 1007,
  },
  {
    what: "UTF-8 that ends in the middle of a character",
    frames: [{ opcode: text, payload: Uint8Array.of(0xe2, 0x82) }],
    code: 1007,
  },
  {
    what: "a UTF-16 surrogate in UTF-8, in two fragments",
    frames: [
      { opcode: text, fin: false, payload: Uint8Array.of(0xed) },
      { opcode: continuation, payload: Uint8Array.of(0xa0, 0x80) },
    ],
    code: 1007,
  },
  // §5.2
  { what: "reserved opcode 3", frames: [{ opcode: 3 }], code: 1002 },
  { what: "reserved opcode 11", frames: [{ opcode: 11 }], code: 1002 },
  {
    what: "RSV1 without an extension",
    frames: [{ opcode: text, rsv: 4, payload: "a" }],
    code: 1002,
  },
  {
    what: "RSV2",
    frames: [{ opcode: text, rsv: 2, payload: "a" }],
    code: 1002,
  },
  {
    what: "RSV3 on a ping",
    frames: [{ opcode: ping, rsv: 1 }],
    code: 1002,
  },
  // §5.4
  {
    what: "a continuation of nothing",
    frames: [{ opcode: continuation, payload: "a" }],
    code: 1002,
  },
  {
    what: "a new message inside a fragmented one",
    frames: [
      { opcode: text, fin: false, payload: "a" },
      { opcode: binary, payload: "b" },
    ],
    code: 1002,
  },
  // §5.5
  {
    what: "a fragmented ping",
    frames: [{ opcode: ping, fin: false }],
    code: 1002,
  },
  {
    what: "a ping of 126 bytes",
    frames: [{ opcode: ping, payload: "p".repeat(126) }],
    code: 1002,
  },
  // §5.5.1, §7.4
  {
    what: "a close frame with half a code",
    frames: [{ opcode: close, payload: Uint8Array.of(3) }],
    code: 1002,
  },
  {
    what: "close code 1005",
    frames: [{ opcode: close, payload: closePayload(1005) }],
    code: 1002,
  },
  {
    what: "close code 999",
    frames: [{ opcode: close, payload: closePayload(999) }],
    code: 1002,
  },
];

/** What a transport does with peers that break the rules, by mistake or on purpose. */
export function testFaults(transport: Transport): void {
  const { name } = transport;

  for (const { what, frames, code } of BROKEN) {
    test(`${name} receive() never sees ${what}`, async () => {
      await using bench = await openBench(transport);
      const { client, record } = await bench.pair();
      client.sendFrames({ opcode: text, payload: "good" }, ...frames);
      await until(() => record.received.length === 1);
      await expectFault(client, { code, transport });
      client.destroy();
      await until(() => record.isClosed);
      assert.deepEqual(record.received, ["good"]);
      await expectAlive(bench);
    });
  }

  test(`${name} receive() never sees a frame without a mask`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.sendFrames({ opcode: text, payload: "bare", isMasked: false });
    if (transport.takesUnmaskedFrames !== undefined) {
      await until(() => record.received.length === 1);
      return assert.deepEqual(record.received, ["bare"]);
    }
    assert.equal((await client.nextClose()).code, 1002);
    assert.deepEqual(record.received, []);
  });

  test(`${name} receive() gets a message of exactly the limit`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    // 500 characters, 1,000 bytes.
    client.sendText("\u00e9".repeat(500));
    client.sendFrames({ opcode: binary, payload: Buffer.alloc(1_000) });
    client.sendFrames(
      { opcode: text, fin: false, payload: "f".repeat(500) },
      { opcode: continuation, payload: "f".repeat(500) },
    );
    await until(() => record.received.length === 3);
    assert.deepEqual(record.byteLengths, [1_000, 1_000, 1_000]);
  });

  test(`${name} receive() never sees a message over the limit: 1009`, async () => {
    await using bench = await openBench(transport);
    const oversize: readonly FrameFields[][] = [
      [{ opcode: text, payload: "x".repeat(1_001) }],
      [{ opcode: binary, payload: Buffer.alloc(100_000) }],
      // 501 characters, 1,002 bytes.
      [{ opcode: text, payload: "\u00e9".repeat(501) }],
      [
        { opcode: text, fin: false, payload: "f".repeat(900) },
        { opcode: continuation, payload: "f".repeat(101) },
      ],
    ];
    for (const frames of oversize) {
      const { client, record } = await bench.pair();
      client.sendFrames(...frames);
      assert.equal((await client.nextClose()).code, 1009);
      client.sendClose(1009);
      await client.closed();
      await until(() => record.isClosed);
      assert.deepEqual(record.received, []);
      assert.equal(record.closes.length, 1);
    }
    await expectAlive(bench);
  });

  test(`${name} receive() never sees what follows a message over the limit`, async () => {
    await using bench = await openBench(transport);
    const { client, record } = await bench.pair();
    client.sendFrames(
      { opcode: text, payload: "x".repeat(1_001) },
      { opcode: text, payload: "behind" },
    );
    if (transport.dropsWhoSendsOn === undefined) {
      assert.equal((await client.nextClose()).code, 1009);
      client.sendClose(1009);
    }
    await client.closed();
    await until(() => record.isClosed);
    assert.deepEqual(record.received, []);
    await expectAlive(bench);
  });

  test(`${name} limitsChanged() holds open and new sockets to the new limit`, async () => {
    let limit = 1_000;
    await using bench = await openBench(transport, {
      maxMessageBytes: () => limit,
    });
    const { client, record } = await bench.pair();
    limit = 5_000;
    bench.listener.limitsChanged();
    client.sendText("x".repeat(5_000));
    await until(() => record.received.length === 1);
    limit = 2_000;
    bench.listener.limitsChanged();
    const later = await bench.pair();
    for (const pair of [{ client, record }, later]) {
      pair.client.sendText("y".repeat(2_001));
      assert.equal((await pair.client.nextClose()).code, 1009);
    }
    assert.deepEqual(later.record.received, []);
    assert.equal(record.received.length, 1);
  });

  test(`${name} asks for the limit at every upgrade`, async () => {
    let limit = 1_000;
    await using bench = await openBench(transport, {
      maxMessageBytes: () => limit,
    });
    await bench.pair();
    limit = 3_000;
    const { client, record } = await bench.pair();
    client.sendText("x".repeat(3_000));
    await until(() => record.received.length === 1);
  });
}

/** A close frame with `code`, or where the transport cannot, the end of TCP without one. */
async function expectFault(
  client: RawWsClient,
  { code, transport }: { code: number; transport: Transport },
): Promise<void> {
  if (transport.dropsBrokenFrames === undefined) {
    assert.equal((await client.nextClose()).code, code);
    return;
  }
  await client.closed();
  while (client.pendingFrames > 0) {
    assert.equal((await client.nextClose()).code, 1002);
  }
}

/** One peer's fault is nobody else's, and no failure of the listener. */
async function expectAlive(bench: Bench): Promise<void> {
  const { client, record } = await bench.pair();
  client.sendText("still here");
  await until(() => record.received.length === 1);
  assert.deepEqual(bench.endpoint.errors, []);
}
