import type { Runtime } from "../runtime.ts";
import { system } from "../system.ts";
import { bun } from "./bun_api.ts";
import { listen } from "./listener.ts";

/** This project on Bun. */
export const runtime: Runtime = {
  ...system,
  name: "bun",
  version: bun.version,
  listen,
};
