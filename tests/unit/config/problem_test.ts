import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  ConfigError,
  formatPath,
  formatProblem,
  showValue,
} from "../../../src/config/problem.ts";

test("formatProblem() says key, what would do, value and origin", () => {
  assert.equal(
    formatProblem({
      key: "server.port",
      reason: "must be 0 to 65535",
      value: { given: "http", isSecret: false },
      origin: "line 3",
    }),
    'Cannot use server.port: must be 0 to 65535: current value is "http" (line 3)',
  );
});

test("formatProblem() hides a secret and leaves out what is not known", () => {
  const reason = "must be empty";
  assert.equal(
    formatProblem({
      key: "auth.api_key",
      reason,
      value: { given: "s3cret", isSecret: true },
      origin: "",
    }),
    "Cannot use auth.api_key: must be empty: current value is hidden",
  );
  assert.equal(
    formatProblem({ key: "a", reason, origin: "" }),
    "Cannot use a: must be empty",
  );
});

test("showValue() shows scalars, and of the rest what it is", () => {
  assert.equal(showValue("a\nb"), '"a\\nb"');
  assert.equal(showValue(8080), "8080");
  assert.equal(showValue(NaN), "NaN");
  assert.equal(showValue(true), "true");
  assert.equal(showValue(null), "null");
  assert.equal(showValue(["s3cret"]), "a list");
  assert.equal(showValue({ key: "s3cret" }), "a mapping");
});

test("showValue() cuts a long text", () => {
  assert.equal(showValue("x".repeat(1_000)), `"${"x".repeat(80)}…"`);
});

test("formatPath() joins names, numbers items and quotes strange names", () => {
  assert.equal(formatPath(["server", "port"]), "server.port");
  assert.equal(formatPath(["handlers", 2]), "handlers[2]");
  assert.equal(formatPath(["a b", "c\nd"]), '"a b"."c\\nd"');
});

test("formatProblem() stays in one line whatever it tells of", () => {
  const hostile = ["\n", "\r", "\u0085", "\u2028", "\u202e", "\0", '"', "a"];
  const anything = fc.string({ unit: fc.constantFrom(...hostile) });
  fc.assert(fc.property(anything, anything, (name, given) => {
    const line = formatProblem({
      key: formatPath(["server", name]),
      reason: "unknown key",
      value: { given, isSecret: false },
      origin: "line 1",
    });
    for (const character of hostile) {
      const isPlain = character === '"' || character === "a";
      assert.ok(isPlain || !line.includes(character), JSON.stringify(line));
    }
  }));
});

test("ConfigError carries its problems, one a line", () => {
  const cause = new Error("cause");
  const error = new ConfigError(["one", "two"], { cause });
  assert.equal(error.message, "one\ntwo");
  assert.deepEqual(error.problems, ["one", "two"]);
  assert.equal(error.name, "ConfigError");
  assert.equal(error.cause, cause);
  assert.ok(error instanceof Error);
});
