import { setTimeout as sleep } from "node:timers/promises";
import { gather, type Load, type Turn } from "./load.ts";

/** Connections that only answer the server's pings: what they cost in memory and CPU. */
export async function prepareIdle(load: Load): Promise<Turn> {
  const { length: events } = await gather(load);
  return async () => {
    await sleep(load.job.warmUpMs);
    const stop = load.meter.start();
    await sleep(load.job.measureMs);
    return stop()({ label: "", events });
  };
}
