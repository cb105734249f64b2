import type { PartName } from "./options.ts";
import type { Row } from "./row.ts";

/** What a row must reach: the median of its rounds, or for what may not happen at all, the sum. */
export interface Floor {
  readonly part: PartName;
  readonly server: string;
  /** Absent: whatever was varied. */
  readonly label?: string;
  readonly figure: FloorFigure;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Whether it holds at the size of a quick run, too. */
  readonly isForQuick: boolean;
}

export type FloorFigure =
  | "value"
  | "ofBare"
  | "ofSocketIo"
  | "p99Ms"
  | "lost"
  | "duplicated"
  | "disordered";

const UNFAILING: readonly FloorFigure[] = ["lost", "duplicated", "disordered"];

/** Every promise of the project that is a number. */
export const FLOORS: readonly Floor[] = [
  ...["hub bun", "hub deno"].flatMap((server): Floor[] => [
    ...fanOutFloors(server),
    ...UNFAILING.map((figure): Floor => ({
      part: "scale",
      server,
      figure,
      atMost: 0,
      isForQuick: true,
    })),
    {
      part: "scale",
      server,
      figure: "p99Ms",
      atMost: 250,
      isForQuick: true,
    },
    { part: "idle", server, figure: "value", atMost: 3, isForQuick: false },
    {
      part: "direct",
      server,
      figure: "ofBare",
      atLeast: 0.5,
      isForQuick: true,
    },
  ]),
  {
    part: "fan_out",
    server: "hub bun",
    label: "32 in flight",
    figure: "ofSocketIo",
    atLeast: 20,
    isForQuick: true,
  },
  {
    part: "fan_out",
    server: "hub deno",
    label: "32 in flight",
    figure: "ofSocketIo",
    atLeast: 15,
    isForQuick: true,
  },
  ...sizedFloor("density", "atMost", { bun: 5, deno: 14 }),
  ...sizedFloor("connect", "atLeast", { bun: 5_000, deno: 2_500 }),
];

/** What a floor found. */
export type Verdict =
  | { readonly type: "held" | "missed"; readonly actual: number }
  /** The figure is not there: the part was not run, or not for this server. */
  | { readonly type: "unknown" };

/** What becomes of a floor: of several rows that it is for, the worst one decides. */
export function judge(floor: Floor, rows: readonly Row[]): Verdict {
  const figures = rows.filter((row) =>
    row.part === floor.part && row.server === floor.server &&
    (floor.label === undefined || row.label === floor.label)
  ).map((row) => figureOf(row, floor.figure));
  const { atLeast = -Infinity, atMost = Infinity } = floor;
  const actual = floor.atLeast === undefined
    ? Math.max(...figures)
    : Math.min(...figures);
  if (figures.length === 0) return { type: "unknown" };
  // Written so that NaN, a figure nobody knows, is missed.
  const isHeld = actual >= atLeast && actual <= atMost;
  return { type: isHeld ? "held" : "missed", actual };
}

function figureOf(row: Row, figure: FloorFigure): number {
  switch (figure) {
    case "value":
      return row.value.median;
    case "ofBare":
      return row.ofBare?.median ?? NaN;
    case "ofSocketIo":
      return row.ofSocketIo?.median ?? NaN;
    case "p99Ms":
      return row.p99Ms;
    case "lost":
    case "duplicated":
    case "disordered":
      return row[figure];
    default:
      return figure satisfies never;
  }
}

function fanOutFloors(server: string): Floor[] {
  const shares: [label: string, atLeast: number][] = [
    ["1 in flight", 0.85],
    ["8 in flight", 0.8],
    ["32 in flight", 0.8],
  ];
  return shares.map(([label, atLeast]) => ({
    part: "fan_out",
    server,
    label,
    figure: "ofBare",
    atLeast,
    isForQuick: true,
  }));
}

function sizedFloor(
  part: PartName,
  bound: "atLeast" | "atMost",
  limits: { readonly bun: number; readonly deno: number },
): Floor[] {
  return (["bun", "deno"] as const).map((runtime) => ({
    part,
    server: `hub ${runtime}`,
    figure: "value",
    [bound]: limits[runtime],
    isForQuick: false,
  }));
}
