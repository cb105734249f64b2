import assert from "node:assert/strict";
import { test } from "node:test";
import { type Flushable, Flusher } from "../../../src/hub/flusher.ts";
import { Frame } from "../../../src/protocol/frame.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** Notes its flushes as `name@startedMs`. */
class Note implements Flushable {
  readonly #name: string;
  readonly #log: string[];
  readonly #run: () => void;

  constructor(name: string, log: string[], run: () => void = () => {}) {
    this.#name = name;
    this.#log = log;
    this.#run = run;
  }

  flush(startedMs: number): void {
    this.#log.push(`${this.#name}@${startedMs}`);
    this.#run();
  }
}

function createFlusher(delayMs = 0) {
  const clock = new FakeClock();
  const log: string[] = [];
  const errors: unknown[] = [];
  const flusher = new Flusher(clock, {
    delayMs: () => delayMs,
    onError: (error) => errors.push(error),
  });
  return { clock, flusher, log, errors };
}

test("Flusher flushes all that were added, in order, at the end of the tick", () => {
  const { clock, flusher, log } = createFlusher();
  clock.advance(7);
  flusher.add(new Note("a", log));
  flusher.add(new Note("b", log));
  assert.deepEqual(log, []);
  clock.tick();
  assert.deepEqual(log, ["a@7", "b@7"]);
  clock.tick();
  assert.deepEqual(log, ["a@7", "b@7"]);
});

test("Flusher waits for the write delay, counted from the first that was added", () => {
  const { clock, flusher, log } = createFlusher(5);
  flusher.add(new Note("a", log));
  clock.advance(3);
  flusher.add(new Note("b", log));
  clock.advance(1);
  assert.deepEqual(log, []);
  clock.advance(1);
  assert.deepEqual(log, ["a@0", "b@0"]);
  assert.equal(clock.pendingTimers, 0);
});

test("Flusher flushes what is added during a flush in the next tick, and tells the two apart", () => {
  const { clock, flusher, log } = createFlusher(5);
  const late = new Note("late", log);
  flusher.add(new Note("a", log, () => flusher.add(late)));
  flusher.add(new Note("b", log));
  clock.advance(5);
  assert.deepEqual(log, ["a@0", "b@0"]);
  assert.equal(flusher.startedMs, 5);
  clock.advance(5);
  assert.deepEqual(log, ["a@0", "b@0", "late@5"]);
});

test("Flusher flushes the others when one throws", () => {
  const { clock, flusher, log, errors } = createFlusher();
  const failure = new Error("no");
  flusher.add(
    new Note("a", log, () => {
      throw failure;
    }),
  );
  flusher.add(new Note("b", log));
  clock.tick();
  assert.deepEqual(log, ["a@0", "b@0"]);
  assert.deepEqual(errors, [failure]);
});

test("Flusher.first() gives one list a frame and tick", () => {
  const { clock, flusher, log } = createFlusher();
  const frame = new Frame("a");
  const list = flusher.first(frame);
  assert.equal(flusher.first(frame), list);
  flusher.add(new Note("a", log));
  clock.tick();
  // A new tick holds on to nothing of the last.
  assert.notEqual(flusher.first(frame), list);
});
