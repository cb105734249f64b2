import { existsSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import {
  addLcov,
  type Coverage,
  type FolderCoverage,
  percentOf,
  summarize,
} from "./lcov.ts";
import { finish, listFiles, ROOT } from "./project.ts";

/** Percent of the lines that tests must run, of all of src/ and of some folders by themselves. */
const FLOORS: readonly { readonly folder: string; readonly percent: number }[] =
  [
    { folder: "src/", percent: 80 },
    { folder: "src/hub/", percent: 90 },
    { folder: "src/dispatcher/", percent: 90 },
    { folder: "src/protocol/", percent: 90 },
  ];

/** Where `tools/test.ts --coverage` leaves what each runtime measured. */
export const REPORTS: Readonly<Record<"deno" | "bun", string>> = {
  deno: "coverage/deno/lcov.info",
  bun: "coverage/bun/lcov.info",
};

/** Lines that hold code once types, comments and blank lines are gone. */
export function countCodeLines(source: string): number {
  return stripTypeScriptTypes(source)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .split("\n")
    .filter((line) => !/^\s*(?:\/\/.*)?;?\s*$/.test(line)).length;
}

/** What falls below its floor; a folder with a floor and no file is missing, not full. */
export function checkFloors(folders: readonly FolderCoverage[]): string[] {
  return FLOORS.flatMap(({ folder, percent }) => {
    const found = folders.find((one) => one.folder === folder);
    if (found === undefined) return [`No file in ${folder}`];
    const actual = percentOf(found);
    return actual >= percent
      ? []
      : [`Cover ${folder}: ${actual.toFixed(1)} %, at least ${percent} %`];
  });
}

/** Prints the table for src/ from both reports and returns what falls below its floor. */
export function checkCoverage(root: string): string[] {
  const coverage: Coverage = new Map();
  for (const report of Object.values(REPORTS)) {
    if (!existsSync(root + report)) return [`Cannot read ${report}: not found`];
    addLcov(coverage, { text: readFileSync(root + report, "utf8"), root });
  }
  const folders = summarize(coverage, {
    files: listFiles(`${root}src/`, [".ts"]).map((file) => `src/${file}`),
    countUnseen: (file) => countCodeLines(readFileSync(root + file, "utf8")),
  });
  for (const folder of folders) {
    const percent = percentOf(folder).toFixed(1).padStart(5);
    const lines = `${folder.hit} of ${folder.lines} lines`;
    console.log(`${percent} %  ${folder.folder.padEnd(24)} ${lines}`);
  }
  return checkFloors(folders);
}

if (import.meta.main) finish("coverage", checkCoverage(ROOT));
