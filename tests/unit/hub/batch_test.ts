import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Batch, joinFrames } from "../../../src/hub/batch.ts";
import { HUBBUB_V1_JSON, PLAIN } from "../../../src/protocol/dialects.ts";
import { Frame } from "../../../src/protocol/frame.ts";

const a = new Frame("a");
const b = new Frame("bb");
const c = new Frame("€");

test("Batch.append() gives every receiver of the same frames the same object", () => {
  const root = new Batch();
  const first = root.append(a).append(b);
  const second = root.append(a).append(b);
  assert.equal(first, second);
  assert.equal(first.frames(PLAIN), second.frames(PLAIN));
  assert.equal(first.frames(HUBBUB_V1_JSON), second.frames(HUBBUB_V1_JSON));
});

test("Batch.append() leaves the list it was called on alone", () => {
  const root = new Batch();
  const one = root.append(a);
  const two = one.append(b);
  const other = one.append(c);
  assert.deepEqual(root.frames(PLAIN), []);
  assert.deepEqual(one.frames(PLAIN), [a]);
  assert.deepEqual(two.frames(PLAIN), [a, b]);
  assert.deepEqual(other.frames(PLAIN), [a, c]);
});

test("Batch.append() shares again after receivers have diverged", () => {
  const shared = new Batch().append(a);
  const odd = shared.append(c); // a reply to one of them
  const others = [shared, shared, shared];
  const odds = odd.append(b);
  const batches = others.map((batch) => batch.append(b));
  assert.ok(batches.every((batch) => batch === batches[0]));
  assert.notEqual(odds, batches[0]);
  assert.deepEqual(odds.frames(PLAIN), [a, c, b]);
  assert.deepEqual(batches[0]?.frames(PLAIN), [a, b]);
});

test("Batch keeps a frame as often as it was appended", () => {
  const batch = new Batch().append(a).append(a);
  assert.equal(batch.count, 2);
  assert.deepEqual(batch.frames(PLAIN), [a, a]);
});

test("Batch counts frames and payload bytes", () => {
  const batch = new Batch().append(a).append(b).append(c);
  assert.equal(batch.count, 3);
  assert.equal(batch.bytes, 1 + 2 + 3);
  assert.equal(new Batch().bytes, 0);
  assert.equal(new Batch().count, 0);
});

test("Batch.frames() joins only where the dialect separates", () => {
  const batch = new Batch().append(a).append(b).append(c);
  assert.deepEqual(batch.frames(PLAIN).map((it) => it.text), ["a", "bb", "€"]);
  assert.deepEqual(
    batch.frames(HUBBUB_V1_JSON).map((it) => it.text),
    ["a\nbb\n€"],
  );
});

test("Batch.frames() hands out a single frame as it is", () => {
  const batch = new Batch().append(a);
  assert.deepEqual(batch.frames(HUBBUB_V1_JSON), [a]);
  assert.equal(batch.frames(HUBBUB_V1_JSON)[0], a);
});

test("Batch holds 100,000 frames in order", () => {
  let batch = new Batch();
  const frames: Frame[] = [];
  for (let i = 0; i < 100_000; i++) {
    const frame = i % 2 === 0 ? a : b;
    frames.push(frame);
    batch = batch.append(frame);
  }
  assert.deepEqual(batch.frames(PLAIN), frames);
});

test("joinFrames() keeps binary frames alone and in their place", () => {
  const binary = new Frame(new Uint8Array([1]));
  const joined = joinFrames([a, b, binary, binary, c, a], "\n");
  assert.deepEqual(
    joined.map((it) => it.text ?? it.bytes),
    ["a\nbb", binary.bytes, binary.bytes, "€\na"],
  );
  assert.equal(joined[1], binary);
});

test("joinFrames() fills a message up to 65,536 bytes and not one more", () => {
  const half = new Frame("x".repeat(32_767));
  const rest = new Frame("y".repeat(32_768));
  const sizes = (frames: Frame[]) =>
    joinFrames(frames, "\n").map((it) => it.bytes.length);
  // 32,767 + 1 for the separator + 32,768
  assert.deepEqual(sizes([half, rest]), [65_536]);
  assert.deepEqual(sizes([rest, rest]), [32_768, 32_768]);
  assert.deepEqual(sizes([half, rest, a]), [65_536, 1]);
});

test("joinFrames() leaves a frame alone that is larger than a joined message", () => {
  const large = new Frame("x".repeat(70_000));
  assert.deepEqual(joinFrames([large], "\n"), [large]);
  const joined = joinFrames([a, a, large, b, b], "\n");
  assert.deepEqual(joined.map((it) => it.text?.length), [3, 70_000, 5]);
  assert.equal(joined[1], large);
});

test("joinFrames() measures bytes, not characters", () => {
  const euros = new Frame("€".repeat(20_000)); // 60,000 bytes
  assert.equal(joinFrames([euros, euros], "\n").length, 2);
});

test("joinFrames() loses, repeats and reorders nothing", () => {
  const text = fc.string({ minLength: 1 }).filter((it) => !it.includes("\n"));
  const length = fc.integer({ min: 1, max: 40_000 });
  const payload = fc.oneof(
    text,
    length.map((n) => "z".repeat(n)),
    fc.constant(new Uint8Array([7])),
  );
  fc.assert(
    fc.property(fc.array(payload), (payloads) => {
      const joined = joinFrames(payloads.map((it) => new Frame(it)), "\n");
      assert.deepEqual(
        joined.flatMap((it): (string | Uint8Array)[] =>
          it.text?.split("\n") ?? [it.bytes]
        ),
        payloads,
      );
      for (const frame of joined) {
        assert.ok(
          frame.bytes.length <= 65_536 || frame.text?.includes("\n") === false,
        );
      }
    }),
  );
});
