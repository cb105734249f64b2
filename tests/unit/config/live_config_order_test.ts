import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveConfig } from "../../../src/config/live_config.ts";
import { parseConfig } from "../../../src/config/resolve.ts";
import { FakeLogger } from "../../fakes/fake_logger.ts";
import { liveOver } from "../../fakes/live_file.ts";

test("LiveConfig.reload() runs one at a time, and joins those that wait", async () => {
  const reads: (() => void)[] = [];
  const levels: ("debug" | "warn")[] = ["debug", "warn"];
  let running = 0;
  let most = 0;
  const config = parseConfig();
  const live = new LiveConfig({
    config,
    logger: new FakeLogger(),
    async load() {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => reads.push(resolve));
      running -= 1;
      return parseConfig({ log: { level: levels.shift() } });
    },
  });
  const first = live.reload();
  // The first has begun to read once its turn has come.
  await Promise.resolve();
  const others = Array.from({ length: 100 }, () => live.reload());
  assert.equal(new Set(others).size, 1);
  assert.notEqual(others[0], first);
  assert.equal(reads.length, 1);
  reads.shift()?.();
  assert.equal((await first).type, "applied");
  assert.equal(live.current.log.level, "debug");
  await Promise.resolve();
  assert.equal(reads.length, 1);
  reads.shift()?.();
  const results = await Promise.all(others);
  assert.equal(new Set(results).size, 1);
  assert.equal(live.current.log.level, "warn");
  assert.equal(most, 1);
});

test("LiveConfig.reload() sees what was written before it was called", async () => {
  const { file, live } = await liveOver("");
  for (const max of [1, 2, 3]) {
    file.text = `limits: { rooms: ${max} }`;
    await live.reload();
    assert.equal(live.current.limits.rooms, max);
  }
  file.text = "limits: { rooms: 4 }";
  const first = live.reload();
  file.text = "limits: { rooms: 5 }";
  await Promise.all([first, live.reload()]);
  assert.equal(live.current.limits.rooms, 5);
});

test("LiveConfig.reload() survives a load that fails as none should", async () => {
  const config = parseConfig();
  const logger = new FakeLogger();
  const error = new TypeError("a bug");
  const live = new LiveConfig({
    config,
    logger,
    load: () => Promise.reject(error),
  });
  assert.deepEqual(await live.reload(), {
    type: "refused",
    problems: [
      "Cannot read the configuration: it failed unexpectedly, see the log",
    ],
  });
  assert.equal(logger.lines[0]?.fields["err"], error);
  assert.equal((await live.reload()).type, "refused");
});

test("LiveConfig.onChange() listens until it is stopped", async () => {
  const { file, live } = await liveOver("");
  let calls = 0;
  const { stop } = live.onChange(() => calls += 1);
  file.text = "log: { level: debug }";
  await live.reload();
  stop();
  stop();
  file.text = "log: { level: warn }";
  await live.reload();
  assert.equal(calls, 1);
});

test("LiveConfig.watch() reloads on a change of its file until it is stopped", async () => {
  const { file, live } = await liveOver("");
  const watched = new Map<string, () => void>();
  const watch = live.watch({
    watchFile: (path, onChange) => {
      watched.set(path, onChange);
      return { stop: () => void watched.delete(path) };
    },
  });
  assert.deepEqual([...watched.keys()], ["hubbub.yaml"]);
  file.text = "log: { level: debug }";
  watched.get("hubbub.yaml")?.();
  // Joins the reload that the change began, or comes after it.
  await live.reload();
  assert.equal(live.current.log.level, "debug");
  watch.stop();
  assert.equal(watched.size, 0);
});

test("LiveConfig.watch() watches nothing without a file", () => {
  const config = parseConfig();
  const live = new LiveConfig({
    config,
    logger: new FakeLogger(),
    load: () => Promise.resolve(config),
  });
  live.watch({ watchFile: () => assert.fail("there is no file") }).stop();
});
