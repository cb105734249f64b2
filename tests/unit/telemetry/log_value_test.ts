import assert from "node:assert/strict";
import { test } from "node:test";
import { HubError } from "../../../src/errors.ts";
import { type LogValue, toLogValue } from "../../../src/telemetry/log_value.ts";

/** As it comes out of the log, free of prototypes. */
function logged(value: unknown): unknown {
  return JSON.parse(JSON.stringify(toLogValue(value)));
}

/** A field of a record in the log. */
function field(value: LogValue | undefined, key: string): LogValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return undefined;
  }
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

test("toLogValue() keeps what JSON can hold", () => {
  const value = { a: 1, b: "x", c: [true, null, { d: -0.5 }], e: {}, f: [] };
  assert.deepEqual(logged(value), value);
});

test("toLogValue() writes what JSON cannot hold", () => {
  class Room {
    readonly id = "lobby";
    readonly #secret = 1;
    get secretive(): number {
      return this.#secret;
    }
  }
  const value = {
    big: 12345678901234567890n,
    nan: NaN,
    infinite: -Infinity,
    symbol: Symbol("s"),
    run: () => 1,
    gone: undefined,
    list: [undefined, () => 1],
    date: new Date(0),
    badDate: new Date(NaN),
    url: new URL("http://u:p@host/x?token=abc&a=1"),
    map: new Map<unknown, unknown>([["a", 1], ["token", "abc"], [2, 3n]]),
    set: new Set([1, 1n]),
    bytes: new Uint8Array(5),
    buffer: new ArrayBuffer(6),
    bare: Object.assign(Object.create(null), { a: 1 }),
    room: new Room(),
  };
  assert.deepEqual(logged(value), {
    big: "12345678901234567890",
    nan: "NaN",
    infinite: "-Infinity",
    symbol: "Symbol(s)",
    run: "[Function]",
    list: [null, "[Function]"],
    date: "1970-01-01T00:00:00.000Z",
    badDate: null,
    url: "http://[Redacted]@host/x?token=[Redacted]&a=1",
    map: { "2": "3", a: 1, token: "[Redacted]" },
    set: [1, "1"],
    bytes: "[5 bytes]",
    buffer: "[6 bytes]",
    bare: { a: 1 },
    room: { id: "lobby" },
  });
});

test("toLogValue() replaces secrets at every depth", () => {
  const value = {
    token: "S1",
    headers: { Authorization: "S2", cookie: ["S3"], host: "h" },
    a: { b: { c: [{ api_key: "S4", password: { x: "S5" } }] } },
    url: "/ws?token=S6&a=1",
    "?token=S7": 1,
  };
  const text = JSON.stringify(toLogValue(value));
  assert.doesNotMatch(text, /S\d/);
  assert.equal(text.split("[Redacted]").length - 1, 7);
  assert.match(text, /"host":"h"/);
});

test("toLogValue() writes an error with its stack, causes and own fields", () => {
  const inner = new TypeError("connection to http://u:S1@h failed");
  const error = new HubError("NOT_AVAILABLE", { token: "S2" }, {
    cause: new AggregateError([inner, "plain"], "all failed", {
      cause: "token=S3",
    }),
  });
  const copy = toLogValue({ err: error });
  const err = field(copy, "err");
  assert.equal(field(err, "name"), "HubError");
  assert.equal(field(err, "message"), "not available");
  assert.equal(field(err, "kind"), "NOT_AVAILABLE");
  assert.match(String(field(err, "stack")), /log_value_test\.ts:\d+/);
  const cause = field(err, "cause");
  assert.equal(field(cause, "message"), "all failed");
  assert.equal(field(cause, "cause"), "token=[Redacted]");
  const errors = field(cause, "errors");
  assert.ok(Array.isArray(errors));
  assert.equal(
    field(errors[0], "message"),
    "connection to http://[Redacted]@h failed",
  );
  assert.equal(errors[1], "plain");
  assert.doesNotMatch(JSON.stringify(copy), /S\d/);
});

test("toLogValue() names cycles, and repeats what is merely shared", () => {
  const shared = { a: 1 };
  const loop: Record<string, unknown> = { one: shared, two: shared };
  loop["self"] = loop;
  loop["list"] = [loop];
  const error = new Error("e");
  error.cause = error;
  const copy = logged({ loop, cause: error });
  assert.deepEqual(field(toLogValue(loop), "self"), "[Circular]");
  assert.match(JSON.stringify(copy), /"cause":"\[Circular\]"/);
  assert.deepEqual(logged(loop), {
    one: { a: 1 },
    two: { a: 1 },
    self: "[Circular]",
    list: ["[Circular]"],
  });
});

test("toLogValue() survives values that throw when they are read", () => {
  function refuse(): never {
    throw new Error("no");
  }
  const trap = new Proxy({}, {
    get: refuse,
    ownKeys: refuse,
    getPrototypeOf: refuse,
    has: refuse,
  });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const error = new Error("e");
  Object.defineProperty(error, "stack", { get: refuse });
  Object.defineProperty(error, "name", { value: { toString: refuse } });
  const iterable = new Set();
  iterable[Symbol.iterator] = refuse;
  const copy = logged({
    trap,
    revoked: revoked.proxy,
    iterable,
    error,
    getter: {
      get bad() {
        return refuse();
      },
      good: 1,
    },
    json: { toJSON: refuse, a: 1 },
    after: "still here",
  });
  assert.deepEqual(copy, {
    trap: "[Unreadable]",
    revoked: "[Unreadable]",
    iterable: "[Unreadable]",
    error: {
      name: { toString: "[Function]" },
      message: "e",
      stack: "[Unreadable]",
    },
    getter: { bad: "[Unreadable]", good: 1 },
    json: { toJSON: "[Function]", a: 1 },
    after: "still here",
  });
});

test("toLogValue() pollutes no prototype", () => {
  const copy = toLogValue(JSON.parse('{"__proto__":{"polluted":1},"a":1}'));
  assert.equal(
    JSON.stringify(copy),
    '{"__proto__":{"polluted":1},"a":1}',
  );
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

test("toLogValue() bounds what it writes, whatever it is given", () => {
  let deep: unknown = "bottom";
  for (let i = 0; i < 10_000; i++) deep = { deep };
  const wide = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, i) => [`key ${i}`, i]),
  );
  const bushy = Array.from(
    { length: 90 },
    () => Array.from({ length: 90 }, () => Array(90).fill("x")),
  );
  const long = Array(90).fill("x".repeat(100_000));
  for (
    const [value, limit] of [
      [deep, 200],
      [wide, 5_000],
      [bushy, 20_000],
      [long, 100_000],
      [Array(1_000_000).fill(0), 1_000],
    ] as const
  ) {
    const text = JSON.stringify(toLogValue(value));
    assert.match(text, /\[Cut\]/);
    assert.ok(text.length < limit, `${text.length} of ${limit}`);
  }
});
