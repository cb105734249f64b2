/** How often each line that holds code ran: file → line → times. */
export type Coverage = Map<string, Map<number, number>>;

/** Adds an lcov report to `coverage`; paths below `root` become relative to it. */
export function addLcov(
  coverage: Coverage,
  report: { readonly text: string; readonly root: string },
): void {
  let lines = new Map<number, number>();
  for (const row of report.text.split(/\r?\n/)) {
    if (row.startsWith("SF:")) {
      const path = row.slice(3);
      const file = path.startsWith(report.root)
        ? path.slice(report.root.length)
        : path;
      lines = coverage.get(file) ?? new Map<number, number>();
      coverage.set(file, lines);
    }
    const hit = /^DA:(\d+),(\d+)/.exec(row);
    if (hit === null) continue;
    const line = Number(hit[1]);
    lines.set(line, (lines.get(line) ?? 0) + Number(hit[2]));
  }
}

export interface FolderCoverage {
  readonly folder: string;
  readonly lines: number;
  readonly hit: number;
}

/** Percent of the lines that ran; 100 where there is none. */
export function percentOf({ lines, hit }: FolderCoverage): number {
  return lines === 0 ? 100 : 100 * hit / lines;
}

/**
 * Sums what ran by folder, `src/` first; a file counts towards every folder above it. A file that no
 * report names was never loaded: `countUnseen` says how many lines did not run.
 */
export function summarize(
  coverage: Coverage,
  options: {
    readonly files: readonly string[];
    countUnseen(file: string): number;
  },
): FolderCoverage[] {
  const folders = new Map<string, { lines: number; hit: number }>();
  for (const file of options.files) {
    const seen = coverage.get(file);
    const lines = seen?.size ?? options.countUnseen(file);
    const hit = [...seen?.values() ?? []].filter((times) => times > 0).length;
    for (const { index } of file.matchAll(/\//g)) {
      const folder = file.slice(0, index + 1);
      const sum = folders.get(folder) ?? { lines: 0, hit: 0 };
      folders.set(folder, sum);
      sum.lines += lines;
      sum.hit += hit;
    }
  }
  return [...folders].map(([folder, sum]) => ({ folder, ...sum }))
    .sort((a, b) => a.folder < b.folder ? -1 : 1);
}
