import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HUBBUB_V1_JSON, PLAIN } from "../../../src/protocol/dialects.ts";
import { splitFrame } from "../../../src/protocol/split.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Pieces of a frame as text, whichever way it came. */
function textsOf(pieces: readonly (string | Uint8Array)[]): string[] {
  return pieces.map((piece) =>
    typeof piece === "string" ? piece : decoder.decode(piece)
  );
}

test("splitFrame() leaves a frame of the plain dialect whole", () => {
  const binary = encoder.encode("a\nb");
  assert.deepEqual(splitFrame("a\nb", PLAIN), ["a\nb"]);
  assert.deepEqual(splitFrame(binary, PLAIN), [binary]);
  assert.deepEqual(splitFrame("", PLAIN), [""]);
});

test("splitFrame() takes several messages from a frame, in order", () => {
  for (
    const [frame, pieces] of [
      ["a", ["a"]],
      ["a\nb\nc", ["a", "b", "c"]],
      ["a\n", ["a"]],
      ["\na\n\n\nb\n", ["a", "b"]],
      ["é\n😀", ["é", "😀"]],
    ] as const
  ) {
    assert.deepEqual(textsOf(splitFrame(frame, HUBBUB_V1_JSON)), pieces);
    assert.deepEqual(
      textsOf(splitFrame(encoder.encode(frame), HUBBUB_V1_JSON)),
      pieces,
    );
  }
});

test("splitFrame() keeps a frame without a message, so that its sender hears of it", () => {
  for (const frame of ["", "\n", "\n\n"]) {
    assert.deepEqual(splitFrame(frame, HUBBUB_V1_JSON), [frame]);
    assert.deepEqual(
      textsOf(splitFrame(encoder.encode(frame), HUBBUB_V1_JSON)),
      [frame],
    );
  }
});

test("splitFrame() copies no bytes", () => {
  const frame = encoder.encode("a\nb");
  for (const piece of splitFrame(frame, HUBBUB_V1_JSON)) {
    assert.ok(piece instanceof Uint8Array && piece.buffer === frame.buffer);
  }
});

test("splitFrame() gives back whatever was joined, as text and as bytes", () => {
  const message = fc.json().filter((text) => !text.includes("\n"));
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1 }),
      fc.boolean(),
      (messages, hasTrailing) => {
        const frame = messages.join("\n") + (hasTrailing ? "\n" : "");
        assert.deepEqual(
          textsOf(splitFrame(frame, HUBBUB_V1_JSON)),
          messages,
        );
        assert.deepEqual(
          textsOf(splitFrame(encoder.encode(frame), HUBBUB_V1_JSON)),
          messages,
        );
      },
    ),
  );
});
