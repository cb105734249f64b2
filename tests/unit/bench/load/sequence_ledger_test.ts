import assert from "node:assert/strict";
import { test } from "node:test";
import { SequenceLedger } from "../../../../bench/load/sequence_ledger.ts";

/** A ledger of one sequence that has seen these numbers. */
function seen(...numbers: number[]): SequenceLedger {
  const ledger = new SequenceLedger(1);
  for (const number of numbers) ledger.see(0, number);
  return ledger;
}

function faults(ledger: SequenceLedger, sent: number) {
  const { duplicated, disordered } = ledger;
  return { lost: ledger.lost(0, sent), duplicated, disordered };
}

test("see() finds nothing wrong with what comes in order", () => {
  assert.deepEqual(faults(seen(0, 1, 2, 3), 4), {
    lost: 0,
    duplicated: 0,
    disordered: 0,
  });
});

test("lost() counts what is missing in the middle and at the end", () => {
  assert.equal(seen(0, 3, 4).lost(0, 7), 4);
  assert.equal(seen(5).lost(0, 6), 5);
  assert.equal(seen().lost(0, 3), 3);
});

test("see() calls a message disordered that comes late, and not lost", () => {
  assert.deepEqual(faults(seen(0, 2, 3, 1, 4), 5), {
    lost: 0,
    duplicated: 0,
    disordered: 1,
  });
  assert.deepEqual(faults(seen(3, 2, 1, 0), 4), {
    lost: 0,
    duplicated: 0,
    disordered: 3,
  });
});

test("see() calls a message duplicated that had come, be it in order or late", () => {
  assert.deepEqual(faults(seen(0, 1, 1, 2), 3), {
    lost: 0,
    duplicated: 1,
    disordered: 0,
  });
  assert.deepEqual(faults(seen(0, 2, 1, 1, 2), 3), {
    lost: 0,
    duplicated: 2,
    disordered: 1,
  });
});

test("see() tells whether a message is a new one", () => {
  const ledger = new SequenceLedger(1);
  assert.deepEqual(
    [0, 2, 1, 2, 0, 3].map((number) => ledger.see(0, number)),
    [true, true, true, false, false, true],
  );
});

test("see() keeps sequences apart", () => {
  const ledger = new SequenceLedger(3);
  ledger.see(0, 0);
  ledger.see(2, 0);
  ledger.see(2, 1);
  ledger.see(2, 3);
  assert.equal(ledger.lost(0, 1), 0);
  assert.equal(ledger.lost(1, 2), 2);
  assert.equal(ledger.lost(2, 4), 1);
  assert.equal(ledger.disordered + ledger.duplicated, 0);
});
