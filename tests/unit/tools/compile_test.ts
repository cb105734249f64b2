import assert from "node:assert/strict";
import { test } from "node:test";
import { lacksCompileRuntime } from "../../../tools/compile.ts";

test("lacksCompileRuntime() is true only for the download that failed", () => {
  const download =
    "Download https://dl.test/release/v2.9.6/denort-x86_64-unknown-linux-gnu.zip\n";
  const failure =
    "error: Writing deno compile executable\n\nCaused by:\n    0: Setting up base binary.\n";
  assert.equal(lacksCompileRuntime(download + failure), true);
  assert.equal(
    lacksCompileRuntime(`${download}error: Module not found\n`),
    false,
  );
  assert.equal(lacksCompileRuntime(failure), false);
  assert.equal(
    lacksCompileRuntime("thread 'main' has overflowed its stack"),
    false,
  );
});
