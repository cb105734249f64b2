import type { TestCase } from "./junit.ts";

/** How a runner's process ended. */
export interface RunEnd {
  /** Undefined: killed by a signal. */
  readonly exitCode: number | undefined;
  /** Killed because it took longer than it may. */
  readonly isOverdue: boolean;
}

/** What one runtime's run of the tests came to. */
export interface RunReport {
  readonly runtime: string;
  readonly passed: number;
  /** Failed tests; at least 1 where the run as a whole failed. */
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly TestCase[];
  /** What went wrong with the run as a whole, beside the failed tests. */
  readonly trouble: string | undefined;
}

/** Counts what a run's report says; a run that broke, or ran no test, has failed whatever it says. */
export function summarizeRun(
  runtime: string,
  run: { readonly cases: readonly TestCase[]; readonly end: RunEnd },
): RunReport {
  const { cases, end } = run;
  const failures = cases.filter(({ status }) => status === "failed");
  const passed = cases.filter(({ status }) => status === "passed").length;
  const trouble = troubleOf({ end, passed, failed: failures.length });
  return {
    runtime,
    passed,
    failed: failures.length + (trouble === undefined ? 0 : 1),
    skipped: cases.length - passed - failures.length,
    failures,
    trouble,
  };
}

function troubleOf(
  run: { end: RunEnd; passed: number; failed: number },
): string | undefined {
  const { end, passed, failed } = run;
  if (end.isOverdue) return "the run took too long and was killed";
  if (end.exitCode === undefined) return "the run was killed by a signal";
  if (passed + failed === 0) return `no test ran (exit code ${end.exitCode})`;
  return end.exitCode !== 0 && failed === 0
    ? `the run ended with exit code ${end.exitCode} though no test failed`
    : undefined;
}

/** Every failure in full, for the end of the output. */
export function describeFailures(reports: readonly RunReport[]): string[] {
  return reports.flatMap(({ runtime, failures, trouble }) => [
    ...failures.flatMap(({ file, name, detail }) => [
      `\nFAILED on ${runtime}: ${file}: ${name}`,
      detail,
    ]),
    ...(trouble === undefined ? [] : [`\nFAILED on ${runtime}: ${trouble}`]),
  ]);
}

/** `N passed, N failed`, and `, N skipped` where any was. */
export function closingLine(reports: readonly RunReport[]): string {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const report of reports) {
    sum.passed += report.passed;
    sum.failed += report.failed;
    sum.skipped += report.skipped;
  }
  const skipped = sum.skipped === 0 ? "" : `, ${sum.skipped} skipped`;
  return `${sum.passed} passed, ${sum.failed} failed${skipped}`;
}
