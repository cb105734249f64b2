/**
 * What a client that stops reading costs the others in its room: 1,000 of them get 100 messages of
 * 1 KiB a second, with and without it, in turns, until the hub has closed it and beyond.
 *
 *     deno run -A bench/slow_consumer.ts [ROUNDS]
 *     bun bench/slow_consumer.ts [ROUNDS]
 *
 * The hub runs on the runtime that runs this, at its defaults; the load on Bun.
 */
import process from "node:process";
import { HubProcess } from "../tests/fakes/hub_process.ts";
import { RUNTIME } from "../tests/fakes/program.ts";
import { StuckPeer } from "../tests/fakes/stuck_peer.ts";
import { Children } from "./children.ts";
import { LatencyHistogram } from "./latency_histogram.ts";
import { loadCommand, loadReady, nextMeasure } from "./load_process.ts";
import type { Job, Measure } from "./load/job.ts";
import { describeMachine, pinned } from "./machine.ts";
import { hubServer, ROOT } from "./servers.ts";
import { ratios, summarize } from "./stats.ts";

const DEFAULT_ROUNDS = 5;
const MEMBERS = 1_001;
const MESSAGES_PER_SECOND = 100;
const PAYLOAD_BYTES = 1_024;
/** The queue takes 1 MiB, which is full after nine seconds. */
const MEASURE_MS = 14_000;
const DEADLINE_MS = 60_000;
/** Where the load's members are (`bench/load/load.ts`). */
const ROOM = "r000000";
const SAMPLE_MS = 100;

interface Round {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly measure: Measure;
  /** The most that waited for the stuck peer. */
  readonly peakBytes: number;
  /** Connections closed with 4001. */
  readonly slowConsumers: number;
}

async function main(rounds: number): Promise<void> {
  const { cpu, cores, isPinned } = describeMachine();
  console.log(
    `hub on ${RUNTIME}, ${cpu}, ${cores} cores, ${rounds} rounds: ` +
      `${
        MEMBERS - 1
      } receivers, ${MESSAGES_PER_SECOND} messages/s of ${PAYLOAD_BYTES} bytes`,
  );
  const without: Round[] = [];
  const withStuck: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    // Forth and back, so that a machine that grows slower does not favour whoever is first.
    const turns = round % 2 === 0 ? [false, true] : [true, false];
    for (const isStuck of turns) {
      const result = await measure({ isStuck, isPinned });
      (isStuck ? withStuck : without).push(result);
      console.log(describe(result, { round, isStuck }));
    }
  }
  console.log("");
  for (const figure of ["p50Ms", "p99Ms"] as const) {
    const alone = without.map((it) => it[figure]);
    const beside = withStuck.map((it) => it[figure]);
    const name = figure.slice(0, 3);
    console.log(`${name} without, ms      ${spread(alone)}`);
    console.log(`${name} with, ms         ${spread(beside)}`);
    console.log(`${name} with / without   ${spread(ratios(beside, alone))}`);
  }
}

/** Starts a hub and its load, with one more member that does not read, or without. */
async function measure(
  { isStuck, isPinned }: {
    readonly isStuck: boolean;
    readonly isPinned: boolean;
  },
): Promise<Round> {
  const { command } = hubServer(RUNTIME);
  await using hub = await HubProcess.start({
    command: pinned(command, { role: "server", isPinned }),
  });
  const children = new Children();
  try {
    const load = children.start(
      pinned(loadCommand(jobFor(hub)), { role: "load", isPinned }),
      ROOT,
    );
    await loadReady(load, DEADLINE_MS);
    using stuck = isStuck
      ? await StuckPeer.connect(hub, { clientId: "stuck", roomId: ROOM })
      : undefined;
    const done = nextMeasure(load, DEADLINE_MS);
    const peakBytes = await sampleQueue(hub, { stuck, until: done });
    const measured = await done;
    const metrics = await hub.metrics();
    const latency = new LatencyHistogram();
    latency.add(measured.latency);
    return {
      p50Ms: latency.percentileMs(0.5),
      p99Ms: latency.percentileMs(0.99),
      measure: measured,
      peakBytes,
      slowConsumers: metrics.value(
        'hubbub_connections_closed_total{code="4001"}',
      ),
    };
  } finally {
    await children.killAll();
  }
}

function jobFor({ host, port, program }: HubProcess): Job {
  return {
    scenario: "scale",
    server: { host, port, pid: program.pid },
    dialect: "plain",
    firstMember: 0,
    members: MEMBERS,
    membersPerRoom: MEMBERS,
    sources: 1,
    payloadBytes: PAYLOAD_BYTES,
    inFlight: [],
    messagesPerSecond: MESSAGES_PER_SECOND,
    warmUpMs: 500,
    measureMs: MEASURE_MS,
    deadlineMs: DEADLINE_MS,
  };
}

/** Asks the hub for the stuck peer's queue all the while; where there is none it asks all the same. */
async function sampleQueue(
  hub: HubProcess,
  options: {
    readonly stuck: StuckPeer | undefined;
    readonly until: Promise<unknown>;
  },
): Promise<number> {
  let peakBytes = 0;
  let isDone = false;
  // What it rejects with is for whoever awaits it next.
  options.until.catch(() => undefined).finally(() => isDone = true);
  while (!isDone) {
    const bytes = options.stuck === undefined
      ? void await hub.get("/api/clients/stuck")
      : await options.stuck.queuedBytes();
    peakBytes = Math.max(peakBytes, bytes ?? 0);
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
  return peakBytes;
}

function describe(
  { p50Ms, p99Ms, measure, peakBytes, slowConsumers }: Round,
  { round, isStuck }: { readonly round: number; readonly isStuck: boolean },
): string {
  const { events, seconds, lost, duplicated, disordered } = measure;
  const parts = [
    `round ${round + 1} ${isStuck ? "with   " : "without"}`,
    `p50 ${p50Ms.toFixed(2)} ms`,
    `p99 ${p99Ms.toFixed(2)} ms`,
    `${Math.round(events / seconds)} deliveries/s`,
    `lost/dup/dis ${lost}/${duplicated}/${disordered}`,
  ];
  if (isStuck) {
    parts.push(`queued at most ${peakBytes} bytes`, `4001: ${slowConsumers}`);
  }
  return parts.join(", ");
}

function spread(values: readonly number[]): string {
  const { min, median, max } = summarize(values);
  const [low, middle, high] = [min, median, max].map((it) => it.toFixed(2));
  return `min ${low}  median ${middle}  max ${high}`;
}

await main(Number(process.argv[2] ?? DEFAULT_ROUNDS));
