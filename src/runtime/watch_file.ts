import { statSync, watch } from "node:fs";
import { dirname, resolve } from "node:path";
import { clearTimeout, setTimeout } from "node:timers";

const SETTLE_MS = 100;

/** What tells one state of a file from another; `undefined` where there is none to be read. */
function fingerprint(path: string): string | undefined {
  try {
    // Follows symbolic links, so that a switched link is another file here.
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path);
    return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
  } catch {
    // Gone, or behind a broken link; what comes in its place will be a change.
    return undefined;
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Calls `onChange` about 100 ms after a file was written, replaced, or its symbolic link switched.
 *
 * Its directory is watched, not the file: an editor that renames a new file over the old one, or an
 * orchestrator that switches a link beside it, takes the watched inode away. A file that vanishes is
 * no change, one that appears is. The watch does not keep the process alive.
 *
 * @throws Error where the directory cannot be watched.
 */
export function watchFile(
  path: string,
  onChange: () => void,
): { stop(): void } {
  const file = resolve(path);
  const directory = dirname(file);
  // Deno would say that there is none by an event, some time later.
  if (!isDirectory(directory)) {
    throw new Error(`Cannot watch ${path}: ${directory} is no directory`);
  }
  let seen = fingerprint(file);
  let settling: ReturnType<typeof setTimeout> | undefined;

  function compare(): void {
    settling = undefined;
    const now = fingerprint(file);
    if (now === undefined || now === seen) return;
    seen = now;
    onChange();
  }

  // Counted from the first event, not the last: a directory that never rests must not hide a change.
  function settle(): void {
    settling ??= setTimeout(compare, SETTLE_MS);
  }

  const watcher = watch(directory, { persistent: false }, settle);
  // The directory itself may go. Whoever asked still has the signal to reload.
  watcher.on("error", settle);
  // Deno begins to watch a little later than this returns.
  settle();
  return {
    stop() {
      clearTimeout(settling);
      watcher.close();
    },
  };
}
