import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createLogger,
  type NodeLogger,
  type NodeLoggerOptions,
} from "../../../src/telemetry/logger.ts";

interface Setup {
  readonly log: NodeLogger;
  /** What was written, entry by entry. */
  readonly entries: string[];
}

async function setUp(options: Partial<NodeLoggerOptions> = {}): Promise<Setup> {
  const entries: string[] = [];
  const log = await createLogger({
    level: "debug",
    format: "json",
    write: (entry) => entries.push(entry),
    clock: { wallMs: () => 1_700_000_000_123 },
    ...options,
  });
  return { log, entries };
}

test("createLogger() writes level, time, fields and text, in this order", async () => {
  const { log, entries } = await setUp();
  log.debug({}, "one");
  log.info({ room_id: "a", n: 1 }, "two %s %d {}");
  log.warn({}, "three");
  log.error({}, "four");
  const time = '"time":"2023-11-14T22:13:20.123Z"';
  assert.deepEqual(entries, [
    `{"level":"debug",${time},"msg":"one"}\n`,
    `{"level":"info",${time},"room_id":"a","n":1,"msg":"two %s %d {}"}\n`,
    `{"level":"warn",${time},"msg":"three"}\n`,
    `{"level":"error",${time},"msg":"four"}\n`,
  ]);
});

test("NodeLogger.level holds at once, for children made before too", async () => {
  const { log, entries } = await setUp({ level: "info" });
  const child = log.child({ a: 1 }).child({ b: 2 });
  function logAll(): number {
    entries.length = 0;
    for (const level of ["debug", "info", "warn", "error"] as const) {
      log[level]({}, level);
      child[level]({}, level);
    }
    return entries.length;
  }
  assert.equal(log.level, "info");
  assert.equal(logAll(), 6);
  log.level = "error";
  assert.equal(log.level, "error");
  assert.equal(logAll(), 2);
  log.level = "debug";
  assert.equal(logAll(), 8);
});

test("NodeLogger reads no field of an entry that is not written", async () => {
  const { log } = await setUp({ level: "info" });
  let reads = 0;
  const fields = {
    get expensive(): number {
      return ++reads;
    },
  };
  log.debug(fields, "text");
  assert.equal(reads, 0);
  log.info(fields, "text");
  assert.equal(reads, 1);
});

test("NodeLogger writes an error as name, message, stack and cause", async () => {
  const { log, entries } = await setUp();
  const cause = new Error("inner");
  log.error({ err: new RangeError("outer", { cause }) }, "text");
  const { err } = JSON.parse(entries[0] ?? "");
  assert.deepEqual(Object.keys(err), ["name", "message", "stack", "cause"]);
  assert.equal(err.name, "RangeError");
  assert.equal(err.message, "outer");
  assert.deepEqual(Object.keys(err.cause), ["name", "message", "stack"]);
  assert.match(err.cause.stack, /logger_test\.ts:\d+/);
});

test("NodeLogger.child() adds its fields to every entry, nearest last", async () => {
  const { log, entries } = await setUp();
  const child = log.child({ a: 1, b: 1 }).child({ b: 2, c: 2 });
  child.info({ c: 3 }, "text");
  log.info({}, "text");
  const parsed = entries.map((entry) => JSON.parse(entry));
  for (const entry of parsed) delete entry.time;
  assert.deepEqual(parsed, [
    { level: "info", a: 1, b: 2, c: 3, msg: "text" },
    { level: "info", msg: "text" },
  ]);
  // No key twice: parsers differ in which one they take.
  assert.equal(entries[0]?.split('"b":').length, 2);
});

test("NodeLogger keeps level, time and msg from being replaced", async () => {
  const { log, entries } = await setUp();
  log.child({ level: "fatal" }).info({ time: 1, msg: "forged" }, "real");
  assert.deepEqual(JSON.parse(entries[0] ?? ""), {
    level: "info",
    time: "2023-11-14T22:13:20.123Z",
    level_: "fatal",
    time_: 1,
    msg_: "forged",
    msg: "real",
  });
});

for (const format of ["json", "pretty"] as const) {
  test(`createLogger() lets no secret reach a ${format} log`, async () => {
    const { log, entries } = await setUp({ format });
    const cause = new Error("Cannot get https://h/x?access_token=S1: 500");
    const err = new TypeError('bad frame {"token":"S2"}', { cause });
    log.child({ token: "S3", h: { authorization: "Bearer S4" } }).error(
      {
        err,
        url: "ws://127.0.0.1/ws?token=S5&client_id=a",
        target: "/ws?client_id=a&token=S6",
        config: { auth: { secret_key: "S7", api_key: "S8" } },
        deep: { a: [{ b: { cookie: "S9" } }] },
        redis: "redis://user:S10@127.0.0.1:6379",
        password: ["S11"],
        other: new Error("token=S12"),
      },
      "refused /ws?token=S13",
    );
    const text = entries.join("");
    assert.doesNotMatch(text, /S\d/);
    assert.match(text, /client_id=a/);
    assert.match(text, /bad frame/);
    assert.match(text, /logger_test\.ts:\d+/);
  });

  test(`NodeLogger never throws on what it is given (${format})`, async () => {
    const { log, entries } = await setUp({ format });
    const loop: Record<string, unknown> = {};
    loop["loop"] = loop;
    const refuse = () => {
      throw new Error("no");
    };
    const fields: Record<string, unknown>[] = [
      loop,
      { big: 10n },
      {
        get bad() {
          return refuse();
        },
      },
      new Proxy({}, { ownKeys: refuse, get: refuse }),
      { toJSON: refuse },
      { err: null },
      { err: undefined },
      { err: "a string" },
      { err: { message: 5, stack: {}, type: [] } },
      { err: Object.assign(new Error("x"), { message: 7 }) },
      { lone: "\ud800" },
      { method: "GET", headers: {}, socket: {} },
      { ["__proto__"]: 1, constructor: 1, hasOwnProperty: 1 },
      Object.create(null),
    ];
    for (const each of fields) {
      log.info(each, "text");
      log.child(each).info({}, "text");
    }
    assert.equal(entries.length, fields.length * 2);
    assert.equal(log.lost, 0);
  });
}

test("NodeLogger counts entries the writer did not take, and goes on", async () => {
  let isBroken = true;
  const entries: string[] = [];
  const { log } = await setUp({
    write: (entry) => {
      if (isBroken) throw new Error("EPIPE");
      entries.push(entry);
    },
  });
  log.info({}, "one");
  log.child({ a: 1 }).error({}, "two");
  isBroken = false;
  log.info({}, "three");
  assert.equal(log.lost, 2);
  assert.equal(entries.length, 1);
});

test("createLogger() writes one JSON object a line, whatever the text", async () => {
  const { log, entries } = await setUp();
  log.info({ name: 'a\n{"level":"error"}\u2028' }, "two\nlines");
  assert.equal(entries.length, 1);
  assert.match(entries[0] ?? "", /^[^\n\u2028]*\n$/);
  assert.equal(JSON.parse(entries[0] ?? "").msg, "two\nlines");
});

test("createLogger() writes a pretty log without colours by default", async () => {
  const { log, entries } = await setUp({ format: "pretty" });
  log.warn({ room_id: "a" }, "room is full");
  assert.equal(
    entries.join(""),
    '[22:13:20.123] WARN: room is full\n    room_id: "a"\n',
  );
});

test("createLogger() writes colours, but none a peer sent", async () => {
  const { log, entries } = await setUp({ format: "pretty", color: true });
  log.info({ name: "\x1b[31mred", err: new Error("\x1b[2Jgone") }, "text");
  const text = entries.join("");
  assert.ok(text.includes("\x1b["));
  assert.ok(!text.includes("\x1b[31mred") && !text.includes("\x1b[2J"));
});
