import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  formatDuration,
  formatSize,
  parseDuration,
  parseSize,
} from "../../../src/config/units.ts";

test("parseDuration() reads every unit", () => {
  assert.equal(parseDuration("250ms"), 250);
  assert.equal(parseDuration("30s"), 30_000);
  assert.equal(parseDuration("1.5m"), 90_000);
  assert.equal(parseDuration("2h"), 7_200_000);
  assert.equal(parseDuration("1d"), 86_400_000);
  assert.equal(parseDuration("0ms"), 0);
});

test("parseSize() reads every unit", () => {
  assert.equal(parseSize("512B"), 512);
  assert.equal(parseSize("64KiB"), 65_536);
  assert.equal(parseSize("1.5MiB"), 1_572_864);
  assert.equal(parseSize("1GiB"), 1_073_741_824);
});

test("parseDuration() refuses what is not one", () => {
  const wrong = [
    "",
    "30",
    "s",
    "-1s",
    "+1s",
    "1 s",
    " 1s",
    "1s\n",
    "1e3s",
    "0x10s",
    ".5s",
    "5.s",
    "1,5s",
    "30S",
    "30sec",
    "1m30s",
    "5constructor",
    "5__proto__",
    "Infinitys",
    "99999999999999999999d",
    "9".repeat(5_000) + "s",
  ];
  for (const text of wrong) assert.equal(parseDuration(text), undefined, text);
});

test("parseSize() refuses what is not one", () => {
  for (const text of ["", "64", "64kb", "64KB", "64kib", "64 KiB", "-1B"]) {
    assert.equal(parseSize(text), undefined, text);
  }
});

test("formatDuration() picks the largest unit that keeps the number whole", () => {
  assert.equal(formatDuration(0), "0ms");
  assert.equal(formatDuration(1_500), "1500ms");
  assert.equal(formatDuration(60_000), "1m");
  assert.equal(formatDuration(90_000), "90s");
  assert.equal(formatDuration(172_800_000), "2d");
});

test("formatSize() picks the largest unit that keeps the number whole", () => {
  assert.equal(formatSize(0), "0B");
  assert.equal(formatSize(1_025), "1025B");
  assert.equal(formatSize(65_536), "64KiB");
  assert.equal(formatSize(1_048_576), "1MiB");
});

test("parseDuration() reads back whatever formatDuration() writes", () => {
  fc.assert(fc.property(fc.maxSafeNat(), (ms) => {
    assert.equal(parseDuration(formatDuration(ms)), ms);
  }));
});

test("parseSize() reads back whatever formatSize() writes", () => {
  fc.assert(fc.property(fc.maxSafeNat(), (bytes) => {
    assert.equal(parseSize(formatSize(bytes)), bytes);
  }));
});
