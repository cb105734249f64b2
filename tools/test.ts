/**
 * Runs the tests on both runtimes, one after the other, and ends with the line `N passed, N failed`.
 *
 *     deno run -A tools/test.ts [--deno] [--bun] [--coverage] [PATH...]
 *
 * Neither runtime named: both. PATH: files or folders, `tests/` by default. `--coverage` measures
 * and checks the floors of check_coverage.ts. The exit code is 1 for a failed test, a runner that
 * broke, a run without a test or coverage below a floor.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { checkCoverage } from "./check_coverage.ts";
import { ROOT } from "./project.ts";
import {
  closingLine,
  describeFailures,
  type RunReport,
} from "./test_report.ts";
import { runTests, RUNTIMES } from "./test_run.ts";

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      deno: { type: "boolean" },
      bun: { type: "boolean" },
      coverage: { type: "boolean", default: false },
    },
  });
  const chosen = RUNTIMES.filter((runtime) => values[runtime]);
  const reportFolder = mkdtempSync(join(tmpdir(), "hubbub-tests-"));
  const reports: RunReport[] = [];
  try {
    for (const runtime of chosen.length === 0 ? RUNTIMES : chosen) {
      const paths = positionals.length === 0 ? ["tests/"] : positionals;
      const { coverage } = values;
      reports.push(await runTests(runtime, { paths, coverage, reportFolder }));
    }
  } finally {
    rmSync(reportFolder, { recursive: true });
  }
  const haveAllPassed = reports.every((report) => report.failed === 0);
  // Deno leaves no coverage report where a test failed.
  const shortfalls = values.coverage && haveAllPassed
    ? checkCoverage(ROOT)
    : [];
  for (const line of describeFailures(reports)) console.log(line);
  for (const shortfall of shortfalls) console.log(`coverage: ${shortfall}`);
  console.log(closingLine(reports));
  return haveAllPassed && shortfalls.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
