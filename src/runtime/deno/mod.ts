import type { Runtime } from "../runtime.ts";
import { system } from "../system.ts";
import { listen } from "./listener.ts";

/** This project on Deno. */
export const runtime: Runtime = {
  ...system,
  name: "deno",
  version: Deno.version.deno,
  listen,
};
