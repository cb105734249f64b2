import type { Child, Command } from "./children.ts";
import {
  type Job,
  type LoadOutput,
  loadOutputSchema,
  type Measure,
} from "./load/job.ts";
import { parseJson } from "./parse_json.ts";
import { BUN } from "./servers.ts";

/** Starts a process of the load. */
export function loadCommand(job: Job): Command {
  return { program: BUN, args: ["bench/load/main.ts", JSON.stringify(job)] };
}

/**
 * Resolves when the load has prepared its work; to be asked at once after its start.
 *
 * @throws Error where it fails or takes too long
 */
export async function loadReady(
  load: Child,
  deadlineMs: number,
): Promise<void> {
  await load.until(
    (line) => outputOf(line)?.type === "ready" ? true : undefined,
    { what: "ready the load", deadlineMs },
  );
}

/**
 * Has a ready load measure once.
 *
 * @throws Error where it fails or takes too long
 */
export function nextMeasure(
  load: Child,
  deadlineMs: number,
): Promise<Measure> {
  load.say("go");
  return load.until((line) => {
    const output = outputOf(line);
    return output?.type === "measure" ? output.measure : undefined;
  }, { what: "measure", deadlineMs });
}

function outputOf(line: string): LoadOutput | undefined {
  return loadOutputSchema.safeParse(parseJson(line)).data;
}
