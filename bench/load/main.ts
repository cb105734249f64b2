/**
 * One process of the load, on Bun: does the job in its first argument, a turn for every line it
 * is sent.
 *
 *     bun bench/load/main.ts JOB
 *
 * `bench/main.ts` starts it; JOB and the lines it prints are described by `job.ts`.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { prepareConnect } from "./connect.ts";
import { dialectOf } from "./dialects.ts";
import { prepareDirect } from "./direct.ts";
import { prepareFanOut } from "./fan_out.ts";
import { prepareIdle } from "./idle.ts";
import { type Job, jobSchema, type LoadOutput } from "./job.ts";
import type { Load, Turn } from "./load.ts";
import { Meter } from "./meter.ts";
import { prepareScale } from "./scale.ts";
import { Swarm } from "./swarm.ts";

function createLoad(job: Job): Load {
  const dialect = dialectOf(job.dialect);
  const { host, port, pid } = job.server;
  return {
    job,
    dialect,
    swarm: new Swarm({
      host,
      port,
      dialect,
      sources: job.sources,
      onFailure: (error) => fail(error),
    }),
    meter: new Meter(pid),
  };
}

function prepare(load: Load): Turn | Promise<Turn> {
  switch (load.job.scenario) {
    case "fan_out":
      return prepareFanOut(load);
    case "scale":
      return prepareScale(load);
    case "idle":
      return prepareIdle(load);
    case "connect":
      return prepareConnect(load);
    case "direct":
      return prepareDirect(load);
    default:
      return load.job.scenario satisfies never;
  }
}

/** Resolves when it is written: a process that exits does not wait for that. */
function print(output: LoadOutput): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(output)}\n`, () => resolve());
  });
}

function fail(error: unknown): never {
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
}

try {
  const job = jobSchema.parse(JSON.parse(process.argv[2] ?? ""));
  setTimeout(() => {
    fail(
      `Cannot finish ${job.scenario}: not done within ${job.deadlineMs} ms`,
    );
  }, job.deadlineMs);
  const turn = await prepare(createLoad(job));
  await print({ type: "ready" });
  let count = 0;
  for await (const _ of createInterface({ input: process.stdin })) {
    await print({ type: "measure", measure: await turn(count++) });
  }
  process.exit(0);
} catch (error) {
  fail(error);
}
