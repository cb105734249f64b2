import type { BenchOptions } from "./options.ts";
import type { Measure } from "./load/job.ts";
import type { Part, Work } from "./part.ts";
import { type Round, type Row, rowsOf } from "./row.ts";
import { LoadedServer, type RunOptions } from "./loaded_server.ts";
import type { ServerSpec } from "./servers.ts";

export interface RoundsOptions {
  readonly options: BenchOptions;
  readonly run: RunOptions;
  /** Told what goes on. */
  progress(text: string): void;
}

/** What was measured of a part. */
export interface PartResult {
  readonly part: Part;
  readonly rows: readonly Row[];
}

interface Progress {
  readonly part: Part;
  readonly rounds: Round[];
  lastMs: number;
}

/**
 * Measures the parts, a round of each in turns: what slows the machine down for a minute then touches
 * one round of many. Every part gets its first round; a later one that would not end within the
 * time allowed is left out.
 *
 * @throws Error where a server or the load fails
 */
export async function runParts(
  parts: readonly Part[],
  settings: RoundsOptions,
): Promise<PartResult[]> {
  const { options, progress } = settings;
  const endMs = performance.now() + options.budgetMs;
  const states = parts.map((part): Progress => ({
    part,
    rounds: [],
    lastMs: 0,
  }));
  for (let place = 0; place < options.rounds; place++) {
    for (const state of states) {
      const { part, rounds } = state;
      if (place >= (part.rounds?.(options) ?? options.rounds)) continue;
      const startMs = performance.now();
      if (place > 0 && startMs + state.lastMs > endMs) {
        progress(`${part.name}: no time for round ${place + 1}`);
        continue;
      }
      rounds.push(await runRound(part, { ...settings, place }));
      state.lastMs = performance.now() - startMs;
      const seconds = Math.round(state.lastMs / 1_000);
      progress(`${part.name}: round ${place + 1} took ${seconds} s`);
    }
  }
  return states.map(({ part, rounds }) => ({
    part,
    rows: rowsOf(part, { entries: part.entries(options), rounds }),
  }));
}

async function runRound(
  part: Part,
  { options, run, place }: RoundsOptions & { readonly place: number },
): Promise<Round> {
  const servers = part.entries(options).map((entry) => entry.server)
    .filter(({ command }) => !run.missing.has(command.program));
  // Forth and back, so that a machine that grows slower does not favour whoever is first.
  const inTurn = place % 2 === 0 ? servers : servers.toReversed();
  const crews = part.isCrew ? [inTurn] : inTurn.map((server) => [server]);
  const round = new Map<string, readonly Measure[]>();
  for (const crew of crews) {
    const measured = await runCrew(crew, { work: part.work(options), run });
    for (const [name, measures] of measured) round.set(name, measures);
  }
  return round;
}

/** Runs servers at the same time and has them measured in turns, again forth and back. */
async function runCrew(
  servers: readonly ServerSpec[],
  { work, run }: { readonly work: Work; readonly run: RunOptions },
): Promise<Round> {
  const measures = new Map(
    servers.map(({ name }): [string, Measure[]] => [name, []]),
  );
  const running: { readonly name: string; readonly server: LoadedServer }[] =
    [];
  try {
    for (const server of servers) {
      const started = new LoadedServer({ server, work }, run);
      running.push({ name: server.name, server: started });
      await started.ready();
    }
    for (let turn = 0; turn < work.turns; turn++) {
      const inTurn = turn % 2 === 0 ? running : running.toReversed();
      for (const { name, server } of inTurn) {
        measures.get(name)?.push(await server.takeTurn());
      }
    }
  } finally {
    await Promise.all(running.map(({ server }) => server.kill()));
  }
  return measures;
}
