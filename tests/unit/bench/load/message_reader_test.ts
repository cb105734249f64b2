import assert from "node:assert/strict";
import { test } from "node:test";
import { FOUND, MessageReader } from "../../../../bench/load/message_reader.ts";
import { sequenceAt, writeStamp } from "../../../../bench/load/stamp.ts";
import { blankContent } from "../../../../bench/load/stamped_frames.ts";

const encoder = new TextEncoder();

/** A text frame as a server sends it. */
function frame(text: string): Uint8Array {
  const payload = encoder.encode(text);
  const { length } = payload;
  return length < 126
    ? Uint8Array.of(0x81, length, ...payload)
    : Uint8Array.of(0x81, 126, length >> 8, length & 255, ...payload);
}

function stamped(sequence: number, prefix = '{"content":"'): string {
  const bytes = encoder.encode(blankContent(24));
  writeStamp(bytes, { at: 0, sender: 1, sequence, sentUs: 5 });
  return `${prefix}${new TextDecoder().decode(bytes)}"}`;
}

function joined(frames: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(frames.flatMap((one) => [...one]));
}

/** What is found in reads: sequence numbers, texts, or names of other finds. */
function readAll(
  reader: MessageReader,
  reads: readonly Uint8Array[],
): (number | string)[] {
  const found: (number | string)[] = [];
  let rest: Uint8Array | undefined;
  for (const read of reads) {
    reader.feed(read, rest);
    for (let kind = reader.next(); kind !== FOUND.nothing;) {
      if (kind === FOUND.stamped) {
        found.push(sequenceAt(reader.bytes, reader.at));
      } else if (kind === FOUND.ping) found.push("ping");
      else if (kind === FOUND.close) found.push("close");
      else found.push(reader.text());
      kind = reader.next();
    }
    rest = reader.rest();
  }
  return found;
}

test("next() tells stamped messages from all others", () => {
  const read = joined([
    frame("hello"),
    frame(stamped(7)),
    Uint8Array.of(0x89, 0),
    frame("a ~ and ~~ no stamp"),
    frame(stamped(8)),
    Uint8Array.of(0x88, 2, 3, 232),
  ]);
  assert.deepEqual(readAll(new MessageReader(false), [read]), [
    "hello",
    7,
    "ping",
    "a ~ and ~~ no stamp",
    8,
    "close",
  ]);
});

test("next() finds stamps again when they stand elsewhere", () => {
  const prefixes = ["a", '{"longer":"', "", '{"longer":"'];
  const read = joined(prefixes.map((it, i) => frame(stamped(i, it))));
  assert.deepEqual(readAll(new MessageReader(false), [read]), [0, 1, 2, 3]);
});

test("next() takes messages apart that share a frame, stamped or not, of any length", () => {
  const messages = [
    "welcome",
    stamped(1),
    stamped(2),
    "no",
    stamped(3, '{"another":"place","content":"'),
    stamped(4),
    "end",
  ];
  const read = frame(messages.join("\n"));
  const expected = ["welcome", 1, 2, "no", 3, 4, "end"];
  assert.deepEqual(readAll(new MessageReader(true), [read]), expected);
  const alone = joined(messages.map(frame));
  assert.deepEqual(readAll(new MessageReader(true), [alone]), expected);
});

test("next() overlooks no short message that ends where a stamped one would", () => {
  const reader = new MessageReader(true);
  const like = stamped(0);
  assert.deepEqual(readAll(reader, [frame(like)]), [0]);
  const first = "a".repeat(20);
  const second = "b".repeat(like.length - 21);
  const read = frame([first, second, stamped(1)].join("\n"));
  assert.deepEqual(readAll(reader, [read]), [first, second, 1]);
});

test("next() finds the same wherever reads are cut", () => {
  const stream = joined([
    frame([stamped(0), stamped(1), "x"].join("\n")),
    frame(stamped(2)),
    Uint8Array.of(0x89, 0),
    frame(`y\n${stamped(3)}`),
  ]);
  for (let cut = 0; cut <= stream.length; cut++) {
    const reads = [stream.slice(0, cut), stream.slice(cut)];
    assert.deepEqual(
      readAll(new MessageReader(true), reads),
      [0, 1, "x", 2, "ping", "y", 3],
      `cut at ${cut}`,
    );
  }
});
