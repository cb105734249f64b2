import assert from "node:assert/strict";
import { test } from "node:test";
import { describeConfig } from "../../../src/config/describe_config.ts";
import { parseConfig } from "../../../src/config/resolve.ts";
import { load } from "../../fakes/load_yaml.ts";

test("describeConfig() writes what reads back as the same configuration", async () => {
  const config = parseConfig({
    node: { id: "true" },
    server: { websocket: { idle_timeout: "90s", queue_bytes: "1.5MiB" } },
    handlers: ["./a.ts", "- b: c #"],
    rooms: { namespaces: { chat: { empty_ttl: "0ms" }, constructor: {} } },
  });
  assert.deepEqual(await load(describeConfig(config)), config);
  assert.deepEqual(await load(describeConfig(parseConfig())), parseConfig());
});

test("describeConfig() writes durations and sizes with their units", () => {
  const text = describeConfig(parseConfig());
  assert.match(text, /^ {4}idle_timeout: 1m$/m);
  assert.match(text, /^ {4}queue_bytes: 1MiB$/m);
  assert.match(text, /^ {4}write_delay: 0ms$/m);
  assert.match(text, /^ {2}port: 8080$/m);
});

test("describeConfig() hides secrets, and shows where there is none", () => {
  assert.match(describeConfig(parseConfig()), /^ {2}api_key: ""$/m);
  const text = describeConfig(parseConfig({ auth: { api_key: "s3cret" } }));
  assert.match(text, /^ {2}api_key: hidden$/m);
  assert.doesNotMatch(text, /s3cret/);
});
