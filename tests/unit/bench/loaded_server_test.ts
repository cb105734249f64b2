import assert from "node:assert/strict";
import { test } from "node:test";
import type { Work } from "../../../bench/part.ts";
import { shares } from "../../../bench/loaded_server.ts";

const WORK: Work = {
  scenario: "scale",
  members: 10_000,
  membersPerRoom: 100,
  sources: 1,
  payloadBytes: 128,
  inFlight: [],
  messagesPerSecond: 5_000,
  warmUpMs: 0,
  measureMs: 0,
  turns: 1,
  deadlineMs: 1,
};

test("shares() gives one process what it can hold", () => {
  const [share, ...others] = shares(WORK);
  assert.equal(others.length, 0);
  assert.deepEqual(share, { ...WORK, firstMember: 0, sources: 1 });
});

test("shares() splits between rooms, leaves nobody out and keeps the rate", () => {
  const parts = shares({ ...WORK, members: 18_900, messagesPerSecond: 9_450 });
  assert.deepEqual(
    parts.map(({ firstMember, members }) => [firstMember, members]),
    [[0, 9_500], [9_500, 9_400]],
  );
  assert.deepEqual(
    parts.map(({ messagesPerSecond }) => messagesPerSecond),
    [4_750, 4_700],
  );
  assert.deepEqual(parts.map(({ sources }) => sources), [2, 2]);
});

test("shares() splits members without a room anywhere", () => {
  const parts = shares({ ...WORK, members: 15_001, membersPerRoom: 0 });
  assert.deepEqual(
    parts.map(({ firstMember, members }) => [firstMember, members]),
    [[0, 7_501], [7_501, 7_500]],
  );
});
