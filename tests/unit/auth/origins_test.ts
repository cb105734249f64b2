import assert from "node:assert/strict";
import { test } from "node:test";
import { isOriginAllowed } from "../../../src/auth/origins.ts";

test("isOriginAllowed() always lets in who sends no origin", () => {
  assert.ok(isOriginAllowed(undefined, []));
  assert.ok(isOriginAllowed(undefined, ["https://example.com"]));
});

test("isOriginAllowed() lets anybody in with *", () => {
  for (const origin of ["https://example.com", "null", "", "file://"]) {
    assert.ok(isOriginAllowed(origin, ["*"]), origin);
  }
});

test("isOriginAllowed() lets nobody in with an empty list", () => {
  assert.equal(isOriginAllowed("https://example.com", []), false);
});

test("isOriginAllowed() compares whole origins, whatever their case", () => {
  const allowed = ["https://Example.com", "http://localhost:5173"];
  for (const origin of ["https://example.com", "HTTPS://EXAMPLE.COM"]) {
    assert.ok(isOriginAllowed(origin, allowed), origin);
  }
  assert.ok(isOriginAllowed("http://localhost:5173", allowed));
  for (
    const origin of [
      "http://example.com",
      "https://example.com:8443",
      "https://example.com.evil.com",
      "https://evil-example.com",
      "https://www.example.com",
      "https://example.co",
      "http://localhost",
      "null",
      "",
    ]
  ) {
    assert.equal(isOriginAllowed(origin, allowed), false, origin);
  }
});

test("isOriginAllowed() lets in subdomains at any depth, and neither the domain nor its look-alikes", () => {
  const allowed = ["https://*.example.com"];
  for (
    const origin of [
      "https://a.example.com",
      "https://a.b-c.example.com",
      "https://A.EXAMPLE.COM",
      "https://1.example.com",
    ]
  ) {
    assert.ok(isOriginAllowed(origin, allowed), origin);
  }
  for (
    const origin of [
      "https://example.com",
      "https://.example.com",
      "https://a..example.com",
      "https://evilexample.com",
      "http://a.example.com",
      "https://a.example.com:8443",
      "https://a.example.com.evil.com",
      "https://evil.com/.example.com",
      "https://evil.com#.example.com",
      "https://evil.com:80.example.com",
      "https://user@evil.com?.example.com",
      "https://evil.com\\.example.com",
      "https://a.example.com/",
      "null",
    ]
  ) {
    assert.equal(isOriginAllowed(origin, allowed), false, origin);
  }
});

test("isOriginAllowed() takes a wildcard with a port for that port alone", () => {
  const allowed = ["https://*.example.com:8443"];
  assert.ok(isOriginAllowed("https://a.example.com:8443", allowed));
  assert.equal(isOriginAllowed("https://a.example.com", allowed), false);
});

test("isOriginAllowed() asks every entry of the list", () => {
  const allowed = ["https://a.com", "null", "https://*.b.com"];
  for (const origin of ["https://a.com", "null", "https://x.b.com"]) {
    assert.ok(isOriginAllowed(origin, allowed), origin);
  }
});
