import { readFileSync } from "node:fs";

/** What a process has used so far. */
export interface ServerStats {
  /** User and system time of all threads; NaN where the system does not tell. */
  readonly cpuSeconds: number;
  /** Resident memory; NaN likewise. */
  readonly rssBytes: number;
}

/** Fields of the first line of /proc/stat that are no work: idle and iowait; guest and guest_nice are in user and nice already. */
const IDLE_FIELDS: readonly number[] = [3, 4, 8, 9];

/** What the kernel counts CPU time in, whatever its own clock (USER_HZ, proc(5)). */
const TICKS_PER_SECOND = 100;
/** Fields 14 and 15 of /proc/PID/stat, counted from the third, which follows the name. */
const UTIME = 11;
const STIME = 12;

/** Looks at a running process. */
export function readServerStats(pid: number): ServerStats {
  return {
    cpuSeconds: parseCpuSeconds(readProc(`/proc/${pid}/stat`)),
    // Unlike `status`, whose figure may be some hundred pages behind.
    rssBytes: parseRssBytes(readProc(`/proc/${pid}/smaps_rollup`)),
  };
}

/** CPU time all programs of the machine have used since its start; NaN where the system does not tell. */
export function readMachineCpuSeconds(): number {
  return parseMachineCpuSeconds(readProc("/proc/stat"));
}

/** Busy time of all cores from the text of /proc/stat; NaN where it is not one. */
export function parseMachineCpuSeconds(stat: string): number {
  const fields = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(" ") ?? [];
  if (fields.length === 0) return NaN;
  const ticks = fields.reduce(
    (sum, field, i) => IDLE_FIELDS.includes(i) ? sum : sum + Number(field),
    0,
  );
  return ticks / TICKS_PER_SECOND;
}

/** CPU time from the text of /proc/PID/stat; NaN where it is not one. */
export function parseCpuSeconds(stat: string): number {
  // The name in parentheses may hold spaces and parentheses of its own.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[UTIME] ?? NaN) + Number(fields[STIME] ?? NaN)) /
    TICKS_PER_SECOND;
}

/** Resident memory from the text of /proc/PID/smaps_rollup; NaN where it is not one. */
export function parseRssBytes(rollup: string): number {
  const kibibytes = /^Rss:\s+(\d+) kB$/m.exec(rollup)?.[1];
  return Number(kibibytes ?? NaN) * 1024;
}

function readProc(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Not Linux, or the process is gone: what is not known is printed as such.
    return "";
  }
}
