import { type Load, ramp, type Turn } from "./load.ts";

/** From the first connection until the last one is in its room; there is but one turn. */
export function prepareConnect(load: Load): Turn {
  return async () => {
    const stop = load.meter.start();
    const { length: events } = await ramp(load);
    return stop()({ label: "", events });
  };
}
