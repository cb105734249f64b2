import assert from "node:assert/strict";
import { test } from "node:test";
import {
  listenError,
  plainAddress,
  targetOf,
} from "../../../src/runtime/address.ts";

test("plainAddress() takes the IPv6 prefix off an IPv4 address", () => {
  assert.equal(plainAddress("::ffff:127.0.0.1"), "127.0.0.1");
  assert.equal(plainAddress("::FFFF:10.1.2.3"), "10.1.2.3");
});

test("plainAddress() leaves every other address alone", () => {
  for (const address of ["127.0.0.1", "::1", "fe80::ffff:1", "::ffff:0:1"]) {
    assert.equal(plainAddress(address), address);
  }
  assert.equal(plainAddress(undefined), "");
});

test("targetOf() keeps path and query as sent", () => {
  assert.equal(targetOf("http://a:8080/ws?x=%20/&y=//"), "/ws?x=%20/&y=//");
  assert.equal(targetOf("http://[::1]:8080/"), "/");
  assert.equal(targetOf("http://a"), "/");
});

test("listenError() says where and why, and keeps the cause", () => {
  const cause = Object.assign(new Error("nope"), { code: "EACCES" });
  const error = listenError({ host: "::1", port: 80 }, cause);
  assert.equal(error.message, "Cannot listen on [::1]:80: permission denied");
  assert.equal(error.cause, cause);
});

test("listenError() falls back on what the system said", () => {
  const unknown = Object.assign(new Error("odd"), { code: "EODD" });
  for (const [cause, text] of [[unknown, "odd"], ["bare", "bare"]] as const) {
    const error = listenError({ host: "127.0.0.1", port: 1 }, cause);
    assert.equal(error.message, `Cannot listen on 127.0.0.1:1: ${text}`);
  }
});
