import { readFileSync } from "node:fs";
import { finish, listFiles, ROOT } from "./project.ts";

/** A source file longer than this is listed for a reviewer to look at. */
const REVIEW_LINES = 300;
/** A source file longer than this fails. */
const MAX_LINES = 400;
const MAX_README_LINES = 120;

export interface SizeReport {
  /** What must be mended. */
  readonly problems: readonly string[];
  /** What a reviewer should look at. */
  readonly reviews: readonly string[];
}

/** Lines as an editor counts them: a newline at the end begins no further one. */
export function countLines(text: string): number {
  if (text === "") return 0;
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

/** Compares every source file and the README below `root` with the limits of the house rules. */
export function checkSizes(root: string): SizeReport {
  const problems: string[] = [];
  const reviews: string[] = [];
  for (const path of listFiles(root, [".ts", ".tsx", ".js", ".html"])) {
    const lines = countLines(readFileSync(root + path, "utf8"));
    if (lines > MAX_LINES) {
      problems.push(`Split ${path}: ${lines} lines, at most ${MAX_LINES}`);
    } else if (lines > REVIEW_LINES) {
      reviews.push(`${path}: ${lines} lines, look at it above ${REVIEW_LINES}`);
    }
  }
  const lines = countLines(readFileSync(`${root}README.md`, "utf8"));
  if (lines > MAX_README_LINES) {
    problems.push(
      `Shorten README.md: ${lines} lines, at most ${MAX_README_LINES}`,
    );
  }
  return { problems, reviews };
}

if (import.meta.main) {
  const { problems, reviews } = checkSizes(ROOT);
  for (const review of reviews) console.log(`size: ${review}`);
  finish("size", problems);
}
