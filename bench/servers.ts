import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Command } from "./children.ts";
import type { DialectName } from "./load/dialects.ts";
import type { RuntimeName } from "./options.ts";

/** A server that can be measured. */
export interface ServerSpec {
  /** Names it in the report; of its dialect and settings only what sets it apart. */
  readonly name: string;
  readonly command: Command;
  readonly dialect: DialectName;
}

export interface HubOptions {
  /** Native is Deno's second transport; absent: what `auto` takes. */
  readonly transport?: "native";
  /** Absent: plain. */
  readonly dialect?: "hubbub.v1.json";
  /** Set apart by `note` in its name. */
  readonly env?: Readonly<Record<string, string>>;
  readonly note?: string;
}

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** By path: a task of Deno would run a package's binary as JavaScript. */
export const BUN = join(ROOT, "node_modules/.bin/bun");

/** The hub as it is started by anybody, `main.ts` and all. */
export function hubServer(
  runtime: RuntimeName,
  { transport, dialect, env = {}, note }: HubOptions = {},
): ServerSpec {
  const notes = [transport, dialect && "v1", note]
    .filter((word) => word !== undefined);
  return {
    name: ["hub", runtime, ...notes].join(" "),
    command: {
      ...runtimeCommand(runtime, ["main.ts"]),
      env: {
        HUBBUB_SERVER_PORT: "0",
        HUBBUB_LOG_FORMAT: "json",
        HUBBUB_SERVER_WEBSOCKET_TRANSPORT: transport ?? "auto",
        ...env,
      },
    },
    dialect: dialect ?? "plain",
  };
}

/** The transport of the hub without the hub. */
export function bareServer(
  runtime: RuntimeName,
  { transport }: Pick<HubOptions, "transport"> = {},
): ServerSpec {
  return {
    name: ["bare", runtime, ...(transport === undefined ? [] : [transport])]
      .join(" "),
    command: runtimeCommand(runtime, [
      "bench/servers/bare.ts",
      transport ?? "auto",
    ]),
    dialect: "relay",
  };
}

/** The least a server can do: shows what the load itself can take. */
export const ceilingServer: ServerSpec = {
  name: "ceiling",
  command: { program: BUN, args: ["bench/servers/ceiling.ts"] },
  dialect: "relay",
};

export const socketIoServer: ServerSpec = {
  name: "socket.io",
  command: { program: "node", args: ["bench/servers/socket_io.js"] },
  dialect: "socket.io",
};

function runtimeCommand(
  runtime: RuntimeName,
  args: readonly string[],
): Command {
  switch (runtime) {
    case "bun":
      return { program: BUN, args };
    case "deno":
      return {
        program: process.execPath,
        args: ["run", ...startPermissions(), ...args],
      };
    default:
      return runtime satisfies never;
  }
}

/** What the task `start` allows, so that the hub is measured as it is run. */
function startPermissions(): readonly string[] {
  const text = readFileSync(join(ROOT, "deno.json"), "utf8");
  const start = /"start":\s*"([^"]*)"/.exec(text)?.[1] ?? "";
  return start.split(" ").filter((word) => word.startsWith("--allow-"));
}
