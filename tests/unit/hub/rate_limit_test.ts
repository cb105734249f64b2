import assert from "node:assert/strict";
import { test } from "node:test";
import { RateLimit } from "../../../src/hub/rate_limit.ts";

/** How many of `asked` tokens there are at a moment. */
function takeMany(
  limit: RateLimit,
  options: { at: number; asked: number; perSecond?: number; burst?: number },
): number {
  const { at, asked, perSecond = 2, burst = 5 } = options;
  let taken = 0;
  for (let i = 0; i < asked; i++) {
    if (limit.take(at, { perSecond, burst })) taken++;
  }
  return taken;
}

test("RateLimit.take() gives the burst, then the rate", () => {
  const limit = new RateLimit(5, 0);
  assert.equal(takeMany(limit, { at: 0, asked: 9 }), 5);
  assert.equal(takeMany(limit, { at: 499, asked: 9 }), 0);
  assert.equal(takeMany(limit, { at: 500, asked: 9 }), 1);
  assert.equal(takeMany(limit, { at: 2_000, asked: 9 }), 3);
});

test("RateLimit.take() saves up no more than the burst", () => {
  const limit = new RateLimit(5, 0);
  assert.equal(takeMany(limit, { at: 0, asked: 5 }), 5);
  assert.equal(takeMany(limit, { at: 3_600_000, asked: 99 }), 5);
});

test("RateLimit.take() charges nothing for what it refuses", () => {
  const limit = new RateLimit(1, 0);
  const rate = { perSecond: 1, burst: 1 };
  assert.ok(limit.take(0, rate));
  for (let at = 1; at < 1_000; at += 100) assert.ok(!limit.take(at, rate));
  assert.ok(limit.take(1_001, rate));
});

test("RateLimit.take() follows a rate and a burst that change", () => {
  const limit = new RateLimit(100, 0);
  assert.equal(takeMany(limit, { at: 0, asked: 99, burst: 3 }), 3);
  assert.equal(
    takeMany(limit, { at: 1_000, asked: 99, perSecond: 50, burst: 60 }),
    50,
  );
});
