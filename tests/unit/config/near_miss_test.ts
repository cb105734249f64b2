import assert from "node:assert/strict";
import { test } from "node:test";
import { nearMiss } from "../../../src/config/near_miss.ts";

const NAMES = ["host", "port", "drain_timeout", "websocket"];

test("nearMiss() finds what one slip away was meant", () => {
  assert.equal(nearMiss("prot", NAMES), "port");
  assert.equal(nearMiss("pport", NAMES), "port");
  assert.equal(nearMiss("por", NAMES), "port");
  assert.equal(nearMiss("pork", NAMES), "port");
  assert.equal(nearMiss("Port", NAMES), "port");
  assert.equal(nearMiss("drainTimeout", NAMES), "drain_timeout");
});

test("nearMiss() finds nothing far away", () => {
  assert.equal(nearMiss("cluster", NAMES), undefined);
  assert.equal(nearMiss("", NAMES), undefined);
  assert.equal(nearMiss("x", NAMES), undefined);
  assert.equal(nearMiss("port", []), undefined);
});

test("nearMiss() picks the nearest of several", () => {
  assert.equal(nearMiss("rooms", ["room", "rooms_", "roams"]), "room");
  assert.equal(nearMiss("rooms", ["broom", "rooms"]), "rooms");
});

test("nearMiss() gives up on a name of any length", () => {
  assert.equal(nearMiss("port".repeat(1_000_000), NAMES), undefined);
});
