import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import {
  parseCpuSeconds,
  parseMachineCpuSeconds,
  parseRssBytes,
  readMachineCpuSeconds,
  readServerStats,
} from "../../../bench/proc_stats.ts";

test("parseCpuSeconds() adds user and system time behind any name", () => {
  const fields = "S 1 2 3 0 -1 4194304 100 0 0 0 1234 66 0 0 20 0 9 0 55";
  assert.equal(parseCpuSeconds(`42 (bun) ${fields}`), 13);
  assert.equal(parseCpuSeconds(`42 (a) b (c)) ${fields}`), 13);
});

test("parseRssBytes() reads the resident size alone", () => {
  const rollup = "55d0-7ffc ---p 00000000 00:00 0    [rollup]\n" +
    "Rss:               51844 kB\nPss:               40000 kB\n";
  assert.equal(parseRssBytes(rollup), 51_844 * 1024);
});

test("parseMachineCpuSeconds() adds up all work of all cores, and counts no guest twice", () => {
  // user nice system idle iowait irq softirq steal guest guest_nice
  const stat = "cpu  100 20 300 9999 9999 4 50 6 70 20\ncpu0 1 2 3 4\n";
  assert.equal(parseMachineCpuSeconds(stat), 4.8);
  assert.ok(Number.isNaN(parseMachineCpuSeconds("")));
});

test("readMachineCpuSeconds() has at least what this process used", () => {
  assert.ok(readMachineCpuSeconds() >= readServerStats(process.pid).cpuSeconds);
});

test("parseCpuSeconds() and parseRssBytes() are NaN where there is nothing to read", () => {
  assert.ok(Number.isNaN(parseCpuSeconds("")));
  assert.ok(Number.isNaN(parseRssBytes("")));
});

test("readServerStats() sees this process, and NaN for one that is gone", () => {
  const own = readServerStats(process.pid);
  assert.ok(own.cpuSeconds > 0 && own.cpuSeconds < 86_400, `${own.cpuSeconds}`);
  assert.ok(own.rssBytes > 1_000_000, `${own.rssBytes}`);
  const gone = readServerStats(2 ** 30);
  assert.ok(Number.isNaN(gone.cpuSeconds) && Number.isNaN(gone.rssBytes));
});
