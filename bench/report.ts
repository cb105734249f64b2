import type { Floor, Verdict } from "./floors.ts";
import type { Part } from "./part.ts";
import type { Row } from "./row.ts";
import type { Summary } from "./stats.ts";

/** A column of the table: its heading, and what it says of a row. */
type Column = readonly [heading: string, cell: (row: Row) => string];

const COLUMNS: readonly Column[] = [
  ["server", (row) => row.server],
  ["work", (row) => row.label],
  ["min", (row) => number(row.value.min)],
  ["median", (row) => number(row.value.median)],
  ["max", (row) => number(row.value.max)],
  ["of bare", (row) => ratio(row.ofBare)],
  ["cost", (row) => ratio(row.costOfBare)],
  ["of s.io", (row) => ratio(row.ofSocketIo)],
  ["ceiling", (row) => number(row.ceiling?.median)],
  ["load", (row) => percent(row.loadBusy)],
  ["busy", (row) => percent(row.serverBusy)],
  ["others", (row) => percent(row.othersBusy)],
  ["µs", (row) => number(row.serverCost.median)],
  ["p50 ms", (row) => number(row.p50Ms)],
  ["p99 ms", (row) => number(row.p99Ms)],
  [
    "lost/dup/dis",
    (row) => `${row.lost}/${row.duplicated}/${row.disordered}`,
  ],
];

/** A part's rows as a table, headed by what was done. Columns that say nothing are left out. */
export function renderTable(part: Part, rows: readonly Row[]): string {
  const columns = COLUMNS.map(([heading, cell]) => ({
    heading,
    cells: rows.map(cell),
  })).filter(({ cells }) => cells.some((cell) => cell !== ""));
  const widths = columns.map(({ heading, cells }) =>
    Math.max(heading.length, ...cells.map((cell) => cell.length))
  );
  function line(cellOf: (place: number) => string): string {
    return columns.map((_, place) => {
      const width = widths[place] ?? 0;
      const cell = cellOf(place);
      return place < 2 ? cell.padEnd(width) : cell.padStart(width);
    }).join("  ").trimEnd();
  }
  return [
    `\n${part.name}: ${part.title}; ${part.unit}`,
    line((place) => columns[place]?.heading ?? ""),
    ...rows.map((_, row) => line((place) => columns[place]?.cells[row] ?? "")),
  ].join("\n");
}

/** Others may take so much of a core before the figures are called noise. */
const QUIET_BELOW = 0.1;

/** A line of warning where other programs took part in a measurement; undefined for a quiet machine. */
export function renderNoise(rows: readonly Row[]): string | undefined {
  const noisy = rows.filter((row) => row.othersBusy.median > QUIET_BELOW);
  if (noisy.length === 0) return undefined;
  const worst = Math.max(...noisy.map((row) => row.othersBusy.median));
  return `Other programs took up to ${
    Math.round(worst * 100)
  }% of a core in ${noisy.length} of ${rows.length} rows: on a busy machine compare the column "cost", and no floor is proven`;
}

/** One line for a floor: what must be, what is. */
export function renderVerdict(floor: Floor, verdict: Verdict): string {
  const bound = floor.atLeast === undefined
    ? `at most ${floor.atMost}`
    : `at least ${floor.atLeast}`;
  const what = [floor.part, floor.server, floor.label ?? "", floor.figure]
    .filter((word) => word !== "").join(", ");
  switch (verdict.type) {
    case "held":
    case "missed":
      return `${verdict.type.padEnd(7)} ${what}: ${
        number(verdict.actual)
      }, ${bound}`;
    case "unknown":
      return `unknown ${what}: not measured, ${bound}`;
    default:
      return verdict satisfies never;
  }
}

/** Three digits that count, thousands apart; empty where there is nothing to say. */
export function number(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "";
  const digits = value === 0
    ? 0
    : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}

/** The median, and how far the rounds are apart. */
function ratio(summary: Summary | undefined): string {
  if (summary === undefined || Number.isNaN(summary.median)) return "";
  const { min, median, max } = summary;
  const text = number(median);
  return min === max ? text : `${text} (${number(min)}-${number(max)})`;
}

function percent(summary: Summary): string {
  const { median } = summary;
  return Number.isNaN(median) ? "" : `${Math.round(median * 100)}%`;
}
