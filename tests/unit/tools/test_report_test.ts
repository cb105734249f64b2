import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestCase } from "../../../tools/junit.ts";
import {
  closingLine,
  describeFailures,
  type RunEnd,
  summarizeRun,
} from "../../../tools/test_report.ts";

const GREEN: RunEnd = { exitCode: 0, isOverdue: false };
const RED: RunEnd = { exitCode: 1, isOverdue: false };

function caseOf(status: TestCase["status"], name = "a() works"): TestCase {
  const detail = status === "failed" ? "Error: x" : "";
  return { file: "a_test.ts", name, status, detail };
}

test("summarizeRun() counts what passed, failed and was skipped", () => {
  const cases = [
    caseOf("passed"),
    caseOf("failed"),
    caseOf("skipped"),
    caseOf("passed"),
  ];
  const { passed, failed, skipped, trouble } = summarizeRun("deno", {
    cases,
    end: RED,
  });
  assert.deepEqual([passed, failed, skipped, trouble], [2, 1, 1, undefined]);
});

test("summarizeRun() fails a run that broke, whatever its report says", () => {
  const troubles: [RunEnd, TestCase[], RegExp][] = [
    [RED, [caseOf("passed")], /exit code 1 though no test failed/],
    [GREEN, [], /no test ran/],
    [RED, [], /no test ran \(exit code 1\)/],
    [GREEN, [caseOf("skipped")], /no test ran/],
    [{ exitCode: undefined, isOverdue: false }, [caseOf("passed")], /signal/],
    [{ exitCode: undefined, isOverdue: true }, [caseOf("passed")], /too long/],
  ];
  for (const [end, cases, expected] of troubles) {
    const report = summarizeRun("bun", { cases, end });
    assert.match(report.trouble ?? "", expected);
    assert.equal(report.failed, 1);
  }
});

test("summarizeRun() counts a broken run besides the failed tests", () => {
  const end: RunEnd = { exitCode: undefined, isOverdue: true };
  const report = summarizeRun("bun", { cases: [caseOf("failed")], end });
  assert.equal(report.failed, 2);
});

test("describeFailures() shows each failure with runtime, file, name and text", () => {
  const reports = [
    summarizeRun("deno", { cases: [caseOf("passed")], end: GREEN }),
    summarizeRun("bun", { cases: [caseOf("failed", "b() works")], end: RED }),
    summarizeRun("bun", { cases: [], end: GREEN }),
  ];
  assert.deepEqual(describeFailures(reports), [
    "\nFAILED on bun: a_test.ts: b() works",
    "Error: x",
    "\nFAILED on bun: no test ran (exit code 0)",
  ]);
});

test("closingLine() sums the runs, and names skipped tests only where there are any", () => {
  const two = summarizeRun("deno", {
    cases: [caseOf("passed"), caseOf("passed")],
    end: GREEN,
  });
  assert.equal(closingLine([two]), "2 passed, 0 failed");
  const mixed = summarizeRun("bun", {
    cases: [caseOf("passed"), caseOf("failed"), caseOf("skipped")],
    end: RED,
  });
  assert.equal(closingLine([two, mixed]), "3 passed, 1 failed, 1 skipped");
});
