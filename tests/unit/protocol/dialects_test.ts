import assert from "node:assert/strict";
import { test } from "node:test";
import {
  HUBBUB_V1_JSON,
  negotiateDialect,
  PLAIN,
} from "../../../src/protocol/dialects.ts";

test("negotiateDialect() is plain where nothing is asked for", () => {
  assert.equal(negotiateDialect(undefined), PLAIN);
  assert.equal(negotiateDialect(""), PLAIN);
  assert.equal(negotiateDialect("  "), PLAIN);
  assert.equal(PLAIN.subprotocol, undefined);
  assert.equal(PLAIN.separator, undefined);
});

test("negotiateDialect() finds what we speak, wherever it stands in the offer", () => {
  for (
    const header of [
      "hubbub.v1.json",
      " hubbub.v1.json ",
      "mqtt,hubbub.v1.json",
      "mqtt, hubbub.v9.json , hubbub.v1.json, x",
      ",hubbub.v1.json,",
    ]
  ) {
    assert.equal(negotiateDialect(header), HUBBUB_V1_JSON, header);
  }
  assert.equal(HUBBUB_V1_JSON.subprotocol, "hubbub.v1.json");
  assert.equal(HUBBUB_V1_JSON.separator, "\n");
});

test("negotiateDialect() is undefined where we have none in common", () => {
  for (
    const header of [
      "mqtt",
      ",",
      "HUBBUB.V1.JSON",
      "hubbub.v1.jso",
      "hubbub.v1.json2",
      "hubbub.v1.json hubbub.v1.json",
      "__proto__",
    ]
  ) {
    assert.equal(negotiateDialect(header), undefined, header);
  }
});
