import { z } from "zod";
import type { Dispatcher } from "../dispatcher/mod.ts";
import type { Hub } from "../hub/mod.ts";

const pingSchema = z.object({ ts: z.number().optional() });

/** `ping` → `pong`, and the client's `pong` to a ping of the server's. */
export function registerPing(dispatcher: Dispatcher, hub: Hub): void {
  dispatcher.handle("ping", pingSchema, (_context, { ts }) => {
    const serverTs = hub.clock.wallMs();
    return {
      type: "pong",
      data: {
        ts,
        server_ts: serverTs,
        rtt: ts === undefined ? undefined : serverTs - ts,
      },
    };
  });
  // The answer to the server's own `ping`: that it came is all there is to know.
  dispatcher.handle("pong", pingSchema, () => undefined);
}
