import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameKey } from "../../../src/http/api_key.ts";

// printf %s 'open sesame' | sha256sum
const HASH = "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb";

test("isSameKey() takes the key itself and no other", async () => {
  assert.equal(await isSameKey("open sesame", "open sesame"), true);
  for (const given of ["", "open sesam", "open sesame ", "Open sesame", HASH]) {
    assert.equal(await isSameKey(given, "open sesame"), false, given);
  }
});

test("isSameKey() takes the key of a hash, and not the hash", async () => {
  const hashed = `sha256:${HASH}`;
  assert.equal(await isSameKey("open sesame", hashed), true);
  assert.equal(
    await isSameKey(
      "open sesame",
      hashed.toUpperCase().replace("SHA256", "sha256"),
    ),
    true,
  );
  for (const given of [hashed, HASH, "open sesam", ""]) {
    assert.equal(await isSameKey(given, hashed), false, given);
  }
});

test("isSameKey() takes a key that merely looks hashed for a plain one", async () => {
  assert.equal(await isSameKey("sha256:abc", "sha256:abc"), true);
});

test("isSameKey() compares keys of any characters", async () => {
  assert.equal(await isSameKey("schlüssel🔑", "schlüssel🔑"), true);
  assert.equal(await isSameKey("schlussel🔑", "schlüssel🔑"), false);
});
