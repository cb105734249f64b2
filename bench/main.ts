/**
 * Measures the hub, on this machine and against others measured in the same minutes:
 *
 *     deno task bench [PART...] [OPTION...]
 *
 * README.md tells what is measured and how to read it. The exit code is 1 for a run that failed and,
 * with `--check`, for a figure beyond its floor; 2 for a wrong command line.
 */
import { writeFileSync } from "node:fs";
import process from "node:process";
import { Children } from "./children.ts";
import { type Floor, FLOORS, judge } from "./floors.ts";
import { describeMachine, versionOf } from "./machine.ts";
import { type BenchOptions, parseOptions, USAGE } from "./options.ts";
import { PARTS } from "./parts/mod.ts";
import { renderNoise, renderTable, renderVerdict } from "./report.ts";
import { type PartResult, runParts } from "./rounds.ts";
import { BUN } from "./servers.ts";

function floorsFor({ parts, runtimes, isQuick }: BenchOptions): Floor[] {
  return FLOORS.filter((floor) =>
    parts.includes(floor.part) &&
    runtimes.some((runtime) => floor.server === `hub ${runtime}`) &&
    (floor.isForQuick || !isQuick)
  );
}

async function main(options: BenchOptions): Promise<number> {
  const machine = describeMachine();
  const versions = {
    deno: versionOf(process.execPath),
    bun: versionOf(BUN),
    node: versionOf("node"),
  };
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.system}; ` +
      `${versions.deno}, bun ${versions.bun}, node ${
        versions.node ?? "not found"
      }` +
      (machine.isPinned ? "" : "; server and load share cores: no taskset"),
  );
  const children = new Children();
  function interrupt() {
    void children.killAll().then(() => process.exit(130));
  }
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  let results: PartResult[];
  try {
    results = await runParts(options.parts.map((name) => PARTS[name]), {
      options,
      run: {
        children,
        isPinned: machine.isPinned,
        missing: new Set(versions.node === undefined ? ["node"] : []),
      },
      progress: (text) => console.error(text),
    });
  } finally {
    await children.killAll();
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
  for (const { part, rows } of results) console.log(renderTable(part, rows));
  const rows = results.flatMap((result) => result.rows);
  if (options.jsonPath !== undefined) {
    const report = { date: new Date(), machine, versions, options, rows };
    writeFileSync(options.jsonPath, `${JSON.stringify(report, null, 2)}\n`);
  }
  console.log("");
  const noise = renderNoise(rows);
  if (noise !== undefined) console.log(`${noise}\n`);
  let isHeld = true;
  for (const floor of floorsFor(options)) {
    const verdict = judge(floor, rows);
    console.log(renderVerdict(floor, verdict));
    if (verdict.type !== "held") isHeld = false;
  }
  return isHeld || !options.isChecked ? 0 : 1;
}

function readOptions(): BenchOptions {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n`);
    console.error(USAGE);
    process.exit(2);
  }
}

try {
  process.exitCode = await main(readOptions());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
