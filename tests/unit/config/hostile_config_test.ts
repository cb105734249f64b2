import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { ConfigError } from "../../../src/config/problem.ts";
import { loadConfig } from "../../../src/config/load_config.ts";
import { LiveConfig } from "../../../src/config/live_config.ts";
import { parseConfig } from "../../../src/config/resolve.ts";
import { FakeLogger } from "../../fakes/fake_logger.ts";
import { load } from "../../fakes/load_yaml.ts";

const SECRET = "s3cret";
const RUNS = { numRuns: 80 };
const DEFAULTS = readFileSync(
  new URL("../../../configs/default.yaml", import.meta.url),
  "utf8",
);

/** A configuration, or lines that tell no secret; anything else fails. */
async function loadOrRefuse(
  yaml: string,
  env: Record<string, string> = {},
): Promise<void> {
  try {
    assert.ok(Object.isFrozen(await load(yaml, env)));
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    assert.ok(error.problems.length > 0);
    for (const problem of error.problems) {
      assert.match(problem, /^Cannot (use|read) [^\r\n]+$/);
    }
    assert.ok(!JSON.stringify(error.problems).includes(SECRET));
    assert.ok(!String(error.stack).includes(SECRET));
    assert.equal(error.cause, undefined);
  }
}

const NAMES = fc.constantFrom(
  ..."node id server host port websocket path auth rooms defaults namespaces"
    .split(" "),
  ..."limits log level metrics handlers __proto__ constructor prototype".split(
    " ",
  ),
  ..."toString <<".split(" "),
  "chat:x",
  "\n",
  "",
);

const VALUES = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "medium" },
    fc.constantFrom(
      "${A}",
      "${A:b}",
      "${",
      "$${A}",
      "5s",
      "64KiB",
      "*",
      "é\u2028",
    ),
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(NAMES, tie("value")), { maxLength: 6 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

test("loadConfig() refuses or reads any tree of keys and values", async () => {
  await fc.assert(
    fc.asyncProperty(VALUES, async (value) => {
      const text = JSON.stringify(value) ?? "";
      await loadOrRefuse(text);
      await loadOrRefuse(`auth: { api_key: [${SECRET}, ${text}] }\nx: ${text}`);
    }),
    RUNS,
  );
});

test("loadConfig() refuses or reads any damaged file", async () => {
  const whole = DEFAULTS.replace('api_key: ""', `api_key: ${SECRET}`);
  assert.ok(whole.includes(SECRET));
  // Within a line that does not name the secret, so that its line stays one of a key and a secret.
  const start = whole.indexOf("\nrooms:");
  const edit = fc.record({
    at: fc.nat({ max: start - 40 }),
    cut: fc.nat({ max: 30 }),
    put: fc.constantFrom(
      "",
      "\t",
      "{",
      "[",
      '"',
      "'",
      ": ",
      "\n",
      "- ",
      "*a",
      "&a ",
      "!",
      "%",
      "\0",
    ),
  });
  const secretAt = whole.indexOf("api_key:");
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, cut, put }) => {
      const end = at < secretAt ? Math.min(at + cut, secretAt) : at + cut;
      await loadOrRefuse(whole.slice(0, at) + put + whole.slice(end));
    }),
    RUNS,
  );
});

test("loadConfig() refuses or reads any environment", async () => {
  const name = fc.constantFrom(
    "HUBBUB_SERVER_PORT",
    "HUBBUB_AUTH_API_KEY",
    "HUBBUB_HANDLERS",
    "HUBBUB_AUTH_ANONYMOUS_PERMISSIONS",
    "HUBBUB_LIMITS_ROOMS",
    "HUBBUB_API_KEY",
    "HUBBUB_SERVER_DRAIN_TIMEOUT",
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, fc.string()), async (env) => {
      await loadOrRefuse("", {
        ...env,
        HUBBUB_AUTH_API_KYE: SECRET,
        HUBBUB_AUTH_API_KEY: `${SECRET} ${env["HUBBUB_AUTH_API_KEY"] ?? ""}`,
      });
    }),
    RUNS,
  );
});

test("LiveConfig.reload() logs no secret, neither used nor refused", async () => {
  const logger = new FakeLogger();
  let yaml = "";
  const live = new LiveConfig({
    config: parseConfig(),
    logger,
    load: () =>
      loadConfig({
        configPath: "hubbub.yaml",
        env: {},
        readTextFile: () => Promise.resolve(yaml),
      }),
  });
  const results: unknown[] = [];
  for (
    yaml of [
      `auth: { api_key: ${SECRET} }`,
      `auth: { api_key: "${SECRET} ${SECRET}" }`,
      `auth: { api_kye: ${SECRET} }`,
      `auth: { api_key: ${SECRET} }\nlog: { level: debug }`,
      `auth: { api_key: "${SECRET} }`,
    ]
  ) results.push(await live.reload());
  assert.equal(logger.lines.length, 7);
  assert.ok(!JSON.stringify([logger.lines, results]).includes(SECRET));
});
