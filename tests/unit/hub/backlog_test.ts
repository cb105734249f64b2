import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Backlog } from "../../../src/hub/backlog.ts";
import { HubCounters } from "../../../src/hub/counters.ts";
import { Frame, type FrameOrigin } from "../../../src/protocol/frame.ts";

const strict: FrameOrigin = { id: "strict", slowConsumer: "disconnect" };
const oldest: FrameOrigin = { id: "oldest", slowConsumer: "drop_oldest" };
const newest: FrameOrigin = { id: "newest", slowConsumer: "drop_newest" };

/** A backlog of at most `limitBytes` and the texts of what waits in it. */
class Queue {
  readonly counters = new HubCounters();
  readonly backlog = new Backlog(0, this.counters);
  readonly #limitBytes: number;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Admits texts of an origin; tells whether all of them were taken or dropped as agreed. */
  add(origin: FrameOrigin | undefined, ...texts: string[]): boolean {
    return texts.every((text) =>
      this.backlog.admit(new Frame(text, origin), this.#limitBytes)
    );
  }

  get dropped(): Record<string, number> {
    return Object.fromEntries(this.backlog.dropped);
  }

  take(): (string | undefined)[] {
    return this.backlog.take().map((frame) => frame.text);
  }
}

test("Backlog keeps the order of everything it admits", () => {
  const queue = new Queue(100);
  assert.ok(queue.add(strict, "a", "b"));
  assert.ok(queue.add(undefined, "c"));
  assert.ok(queue.add(newest, "d"));
  assert.ok(queue.add(oldest, "e"));
  assert.deepEqual(queue.take(), ["a", "b", "c", "d", "e"]);
});

test("Backlog.admit() counts bytes exactly, the frame itself included", () => {
  const queue = new Queue(5);
  assert.ok(queue.add(strict, "€€".slice(0, 1))); // 3 bytes
  assert.ok(queue.add(strict, "ab"));
  assert.equal(queue.backlog.bytes, 5);
  assert.equal(queue.backlog.count, 2);
  assert.equal(queue.add(strict, "c"), false);
  assert.equal(queue.backlog.bytes, 5);
  assert.deepEqual(queue.take(), ["€", "ab"]);
});

test("Backlog.admit() refuses a frame of a room that disconnects, and drops nothing for it", () => {
  const queue = new Queue(3);
  queue.add(oldest, "abc");
  assert.equal(queue.add(strict, "d"), false);
  assert.deepEqual(queue.dropped, {});
  assert.deepEqual(queue.take(), ["abc"]);
});

test("Backlog.admit() with drop_newest drops the frame at hand", () => {
  const queue = new Queue(3);
  assert.ok(queue.add(newest, "a", "b", "c", "d", "e"));
  assert.deepEqual(queue.dropped, { newest: 2 });
  assert.equal(queue.counters.messagesDropped.drop_newest, 2);
  assert.equal(queue.counters.slowConsumers.drop_newest, 2);
  assert.deepEqual(queue.take(), ["a", "b", "c"]);
});

test("Backlog.admit() with drop_oldest drops as many of the oldest as it takes, of any room that allows it", () => {
  const other: FrameOrigin = { id: "other", slowConsumer: "drop_oldest" };
  const queue = new Queue(6);
  assert.ok(queue.add(other, "a", "b"));
  assert.ok(queue.add(oldest, "cc", "dd"));
  assert.ok(queue.add(oldest, "eee"));
  assert.deepEqual(queue.dropped, { other: 2, oldest: 1 });
  assert.equal(queue.counters.messagesDropped.drop_oldest, 3);
  assert.equal(queue.counters.slowConsumers.drop_oldest, 1);
  assert.equal(queue.backlog.bytes, 5);
  assert.deepEqual(queue.take(), ["dd", "eee"]);
});

test("Backlog.admit() with drop_oldest passes over frames that must stay", () => {
  const queue = new Queue(6);
  queue.add(undefined, "R"); // a reply
  queue.add(oldest, "a");
  queue.add(strict, "S");
  queue.add(newest, "N");
  queue.add(oldest, "b", "c");
  assert.ok(queue.add(oldest, "d", "e"));
  assert.deepEqual(queue.dropped, { oldest: 2 });
  assert.deepEqual(queue.take(), ["R", "S", "N", "c", "d", "e"]);
});

test("Backlog.admit() with drop_oldest drops the frame at hand where nothing else may go", () => {
  const queue = new Queue(2);
  queue.add(undefined, "R");
  queue.add(strict, "S");
  assert.ok(queue.add(oldest, "a"));
  assert.deepEqual(queue.dropped, { oldest: 1 });
  assert.deepEqual(queue.take(), ["R", "S"]);
});

test("Backlog.admit() loses nothing for a frame that has no place in an empty queue either", () => {
  const queue = new Queue(3);
  queue.add(oldest, "a", "b", "c");
  assert.ok(queue.add(oldest, "dddd"));
  assert.equal(queue.add(undefined, "RRRR"), false);
  assert.deepEqual(queue.dropped, { oldest: 1 });
  assert.deepEqual(queue.take(), ["a", "b", "c"]);
});

test("Backlog.admit() never drops a frame of no room: others give way, oldest first", () => {
  const queue = new Queue(4);
  queue.add(newest, "n");
  queue.add(undefined, "R");
  queue.add(oldest, "o");
  queue.add(strict, "S");
  assert.ok(queue.add(undefined, "T"));
  assert.deepEqual(queue.dropped, { newest: 1 });
  assert.ok(queue.add(undefined, "U"));
  assert.deepEqual(queue.dropped, { newest: 1, oldest: 1 });
  assert.equal(queue.add(undefined, "V"), false);
  assert.deepEqual(queue.take(), ["R", "S", "T", "U"]);
});

test("Backlog.admit() asks for the policy of the moment", () => {
  const room: { id: string; slowConsumer: FrameOrigin["slowConsumer"] } = {
    id: "room",
    slowConsumer: "disconnect",
  };
  const queue = new Queue(1);
  queue.add(room, "a");
  assert.equal(queue.add(room, "b"), false);
  room.slowConsumer = "drop_oldest";
  assert.ok(queue.add(room, "c"));
  assert.deepEqual(queue.take(), ["c"]);
});

test("Backlog.admit() copes with a limit that has become smaller, or negative", () => {
  const queue = new Queue(0);
  const { backlog } = queue;
  for (const text of ["a", "b", "c"]) {
    assert.ok(backlog.admit(new Frame(text, oldest), 3));
  }
  assert.ok(backlog.admit(new Frame("d", oldest), 2));
  assert.equal(backlog.bytes, 2);
  assert.ok(backlog.admit(new Frame("e", oldest), -5));
  assert.equal(backlog.admit(new Frame("R"), -5), false);
  assert.deepEqual(queue.dropped, { oldest: 3 });
  assert.deepEqual(queue.take(), ["c", "d"]);
});

test("Backlog.take() leaves it empty and ready for more", () => {
  const queue = new Queue(2);
  queue.add(oldest, "a", "b", "c");
  assert.deepEqual(queue.take(), ["b", "c"]);
  assert.equal(queue.backlog.bytes, 0);
  assert.equal(queue.backlog.count, 0);
  assert.deepEqual(queue.take(), []);
  queue.add(oldest, "d", "e", "f");
  assert.deepEqual(queue.take(), ["e", "f"]);
});

test("Backlog.admit() takes 100,000 frames through a full queue of 10,000", () => {
  const queue = new Queue(60_000);
  for (let i = 0; i < 100_000; i++) {
    queue.add(oldest, String(i).padStart(6, "0"));
  }
  assert.equal(queue.backlog.count, 10_000);
  assert.deepEqual(queue.dropped, { oldest: 90_000 });
  const texts = queue.take();
  assert.equal(texts[0], "090000");
  assert.equal(texts.at(-1), "099999");
});

test("Backlog.admit() takes 100,000 frames past 10,000 that must stay", () => {
  const queue = new Queue(10_100);
  for (let i = 0; i < 10_000; i++) queue.add(undefined, "R");
  for (let i = 0; i < 50_000; i++) {
    assert.ok(queue.add(oldest, "o"));
    assert.ok(queue.add(newest, "n"));
  }
  for (let i = 0; i < 100; i++) assert.ok(queue.add(undefined, "R"));
  assert.equal(queue.add(undefined, "R"), false);
  assert.deepEqual(queue.take(), new Array(10_100).fill("R"));
});

test("Backlog behaves like the plain list it stands for", () => {
  const origin = fc.constantFrom(undefined, strict, oldest, newest);
  const text = fc.string({ minLength: 1, maxLength: 6, unit: "binary-ascii" });
  fc.assert(
    fc.property(fc.array(fc.tuple(origin, text)), (frames) => {
      const limitBytes = 12;
      const queue = new Queue(limitBytes);
      let model: { origin: FrameOrigin | undefined; text: string }[] = [];
      const bytes = () => model.reduce((sum, it) => sum + it.text.length, 0);
      const giveWay = (need: number, may: (it: FrameOrigin) => boolean) => {
        const kept = [];
        for (const it of model) {
          const isOver = bytes() + need > limitBytes;
          if (isOver && it.origin !== undefined && may(it.origin)) {
            model = model.filter((other) => other !== it);
          } else kept.push(it);
        }
        model = kept;
        return bytes() + need <= limitBytes;
      };
      for (const [origin, text] of frames) {
        const isTaken = queue.add(origin, text);
        const need = text.length;
        const policy = origin?.slowConsumer;
        if (bytes() + need <= limitBytes) {
          model.push({ origin, text });
          assert.ok(isTaken);
        } else if (policy === "drop_newest") assert.ok(isTaken);
        else if (policy === "drop_oldest") {
          if (giveWay(need, (it) => it === oldest)) {
            model.push({ origin, text });
          }
          assert.ok(isTaken);
        } else if (policy === "disconnect") assert.ok(!isTaken);
        else {
          const hasPlace = giveWay(need, (it) => it !== strict);
          if (hasPlace) model.push({ origin, text });
          assert.equal(isTaken, hasPlace);
        }
        assert.equal(queue.backlog.bytes, bytes());
        assert.equal(queue.backlog.count, model.length);
      }
      assert.deepEqual(queue.take(), model.map((it) => it.text));
    }),
    { numRuns: 300 },
  );
});
