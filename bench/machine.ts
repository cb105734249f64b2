import { spawnSync } from "node:child_process";
import { cpus, release } from "node:os";
import type { Command } from "./children.ts";

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly system: string;
  /** Whether server and load have a core each. */
  readonly isPinned: boolean;
}

const SERVER_CORE = 0;
const LOAD_CORE = 1;

export function describeMachine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model ?? "unknown",
    cores: cores.length,
    system: release(),
    isPinned: canPin(SERVER_CORE) && canPin(LOAD_CORE),
  };
}

/** The command on a core of its own, where the machine can: the server on one, the load on another. */
export function pinned(
  command: Command,
  { role, isPinned }: {
    readonly role: "server" | "load";
    readonly isPinned: boolean;
  },
): Command {
  if (!isPinned) return command;
  const core = role === "server" ? SERVER_CORE : LOAD_CORE;
  // It becomes the program it starts, so the process id is the program's.
  return {
    ...command,
    program: "taskset",
    args: ["-c", String(core), command.program, ...command.args],
  };
}

/** What a program calls its version; undefined where it does not start. */
export function versionOf(program: string): string | undefined {
  const { status, stdout } = spawnSync(program, ["--version"], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.split("\n", 1)[0]?.trim() : undefined;
}

function canPin(core: number): boolean {
  return spawnSync("taskset", ["-c", String(core), "true"]).status === 0;
}
