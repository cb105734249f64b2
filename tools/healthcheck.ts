/**
 * Asks the hub of this container for its health: exit code 0 for a 2xx answer, 1 for any other or none.
 *
 *     deno run --allow-net --allow-env tools/healthcheck.ts
 */
import process from "node:process";

/** Less than the time the container's engine waits. */
const DEADLINE_MS = 2_000;

/** Whether `url` answers 2xx in time. */
export async function isHealthy(
  url: string,
  deadlineMs = DEADLINE_MS,
): Promise<boolean> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(deadlineMs),
    });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    // The engine keeps the output of a failed check for whoever inspects the container.
    console.error(`Cannot get ${url}: ${error}`);
    return false;
  }
}

if (import.meta.main) {
  const port = process.env["HUBBUB_SERVER_PORT"] ?? "8080";
  const url = `http://127.0.0.1:${port}/health`;
  process.exitCode = await isHealthy(url) ? 0 : 1;
}
