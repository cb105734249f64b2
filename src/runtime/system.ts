import { readFile } from "node:fs/promises";
import { writeSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { isatty } from "node:tty";
import { pathToFileURL } from "node:url";
import { SystemClock } from "./clock.ts";
import type { MemoryUsage, Runtime, SignalName } from "./runtime.ts";
import { watchFile } from "./watch_file.ts";

const STDOUT = 1;
const STDERR = 2;
/** How often, a millisecond apart, a full pipe is tried again before the rest of a text is given up. */
const MAX_WRITE_TRIES = 1_000;

/** What both runtimes do alike, because both speak Node's modules. */
export const system: Omit<Runtime, "name" | "version" | "listen"> = {
  pid: process.pid,
  clock: new SystemClock(),
  args: process.argv.slice(2),
  // Not `process.stdout.isTTY`: on Bun the mere look at it makes standard output non-blocking.
  isTerminal: isatty(STDOUT),
  env: () => ({ ...process.env }),
  readTextFile: (path) => readFile(path, "utf8"),
  watchFile,
  importModule: (path) => import(pathToFileURL(resolve(path)).href),
  onSignal,
  onUncaught,
  memory,
  cpuSeconds,
  writeStdout: (text) => writeAll(STDOUT, text),
  writeStderr: (text) => writeAll(STDERR, text),
  exit: (code) => process.exit(code),
};

function onSignal(signal: SignalName, run: () => void): { stop(): void } {
  process.on(signal, run);
  return { stop: () => process.off(signal, run) };
}

function onUncaught(run: (error: unknown) => void): { stop(): void } {
  process.on("uncaughtException", run);
  process.on("unhandledRejection", run);
  return {
    stop() {
      process.off("uncaughtException", run);
      process.off("unhandledRejection", run);
    },
  };
}

function memory(): MemoryUsage {
  const { rss, heapUsed, heapTotal } = process.memoryUsage();
  return { rssBytes: rss, heapUsedBytes: heapUsed, heapTotalBytes: heapTotal };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * Writes at once and whole. `process.stdout.write` would not do: on Bun, what a pipe has not taken
 * yet is lost when the process exits.
 */
function writeAll(descriptor: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  let offset = 0;
  let triesLeft = MAX_WRITE_TRIES;
  while (offset < bytes.length && triesLeft > 0) {
    try {
      offset += writeSync(descriptor, bytes, offset);
      triesLeft = MAX_WRITE_TRIES;
    } catch (error) {
      // A closed pipe (EPIPE): nobody reads any more, and that must not take the process down.
      if (!isFullPipe(error)) return;
      triesLeft -= 1;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function isFullPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}
