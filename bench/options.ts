import { parseArgs } from "node:util";

export const PART_NAMES = [
  "fan_out",
  "scale",
  "density",
  "idle",
  "connect",
  "direct",
] as const;
export type PartName = typeof PART_NAMES[number];

export const RUNTIME_NAMES = ["deno", "bun"] as const;
export type RuntimeName = typeof RUNTIME_NAMES[number];

export interface BenchOptions {
  readonly parts: readonly PartName[];
  readonly runtimes: readonly RuntimeName[];
  readonly rounds: number;
  /** Smaller and shorter, for a look: not all floors hold for it. */
  readonly isQuick: boolean;
  /** Connections of the parts that are about many of them. */
  readonly connections: number;
  /** Whether a figure beyond its floor fails the run. */
  readonly isChecked: boolean;
  /** No further round starts that would not end within this time. */
  readonly budgetMs: number;
  /** Where the figures go as JSON. */
  readonly jsonPath: string | undefined;
}

export const USAGE = `deno task bench [PART...] [OPTION...]

Parts: ${PART_NAMES.join(", ")}; none named: all.
  --runtime deno|bun|both  what the hub runs on (both)
  --rounds N               how often everything is measured (3; quick: 1)
  --connections N          of the parts with many connections (10000; quick: 2000)
  --quick                  smaller and shorter, for a look
  --check                  exit with 1 when a figure is beyond its floor
  --json FILE              write the figures there, too
`;

const BUDGET_MS = 12 * 60_000;
const QUICK_BUDGET_MS = 2 * 60_000;
const MAX_ROUNDS = 100;
/** A server has 20,000 descriptors, and needs a few itself; a room of the load has 100 members. */
const MAX_CONNECTIONS = 19_000;
const MIN_CONNECTIONS = 100;

/**
 * Reads the command line.
 *
 * @throws Error for what is not in `USAGE`
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runtime: { type: "string", default: "both" },
      rounds: { type: "string" },
      connections: { type: "string" },
      quick: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      json: { type: "string" },
    },
  });
  const { quick: isQuick } = values;
  const unknown = positionals.find((name) => !isPartName(name));
  if (unknown !== undefined) {
    throw new Error(
      `Cannot run part "${unknown}": there is ${PART_NAMES.join(", ")}`,
    );
  }
  const named = PART_NAMES.filter((name) => positionals.includes(name));
  return {
    parts: named.length === 0 ? PART_NAMES : named,
    runtimes: runtimesOf(values.runtime),
    rounds: countOf(values.rounds ?? (isQuick ? "1" : "3"), {
      name: "rounds",
      min: 1,
      max: MAX_ROUNDS,
    }),
    connections: countOf(
      values.connections ?? (isQuick ? "2000" : "10000"),
      { name: "connections", min: MIN_CONNECTIONS, max: MAX_CONNECTIONS },
    ),
    isQuick,
    budgetMs: isQuick ? QUICK_BUDGET_MS : BUDGET_MS,
    isChecked: values.check,
    jsonPath: values.json,
  };
}

function isPartName(name: string): name is PartName {
  return PART_NAMES.some((part) => part === name);
}

function runtimesOf(name: string): readonly RuntimeName[] {
  switch (name) {
    case "both":
      return RUNTIME_NAMES;
    case "deno":
    case "bun":
      return [name];
    default:
      throw new Error(
        `Cannot use --runtime: must be deno, bun or both: current value is ${name}`,
      );
  }
}

function countOf(
  text: string,
  { name, min, max }: {
    readonly name: string;
    readonly min: number;
    readonly max: number;
  },
): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= min && count <= max) return count;
  throw new Error(
    `Cannot use --${name}: must be an integer from ${min} to ${max}: current value is ${text}`,
  );
}
