import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { pageOf } from "../../../src/hub/page.ts";

test("pageOf() gives the smallest ids behind the cursor, in order", () => {
  const ids = ["d", "a", "c", "B", "e"];
  assert.deepEqual(pageOf(ids, { limit: 2 }), {
    ids: ["B", "a"],
    hasMore: true,
  });
  assert.deepEqual(pageOf(ids, { cursor: "a", limit: 2 }), {
    ids: ["c", "d"],
    hasMore: true,
  });
  assert.deepEqual(pageOf(ids, { cursor: "d", limit: 2 }), {
    ids: ["e"],
    hasMore: false,
  });
});

test("pageOf() does not ask for the id at the cursor to exist", () => {
  assert.deepEqual(pageOf(["a", "c"], { cursor: "b", limit: 9 }), {
    ids: ["c"],
    hasMore: false,
  });
});

test("pageOf() says that no more follow exactly when none do", () => {
  assert.deepEqual(pageOf([], { limit: 1 }), { ids: [], hasMore: false });
  assert.equal(pageOf(["a", "b"], { limit: 2 }).hasMore, false);
  assert.equal(pageOf(["b", "a", "c"], { limit: 2 }).hasMore, true);
  assert.equal(pageOf(["c", "b", "a"], { limit: 2 }).hasMore, true);
});

test("pageOf() is sort and slice", () => {
  const ids = fc.uniqueArray(fc.string({ unit: "grapheme-ascii" }));
  const cursor = fc.option(fc.string({ unit: "grapheme-ascii" }), {
    nil: undefined,
  });
  fc.assert(
    fc.property(ids, cursor, fc.integer({ min: 1, max: 20 }), (
      ids,
      cursor,
      limit,
    ) => {
      const behind = ids.toSorted().filter((id) =>
        cursor === undefined || id > cursor
      );
      assert.deepEqual(pageOf(ids, { cursor, limit }), {
        ids: behind.slice(0, limit),
        hasMore: behind.length > limit,
      });
    }),
  );
});

test("pageOf() called page by page shows every id once", () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 50 });
  fc.assert(
    fc.property(ids, fc.integer({ min: 1, max: 7 }), (ids, limit) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      for (let i = 0; i <= ids.length; i++) {
        const page = pageOf(ids, { cursor, limit });
        seen.push(...page.ids);
        if (!page.hasMore) break;
        cursor = page.ids.at(-1);
      }
      assert.deepEqual(seen, ids.toSorted());
    }),
  );
});
