import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  namedVariables,
  substitute,
} from "../../../src/config/substitution.ts";

const ENV = { NAME: "value", EMPTY: "", TRICKY: "${NAME} $& $1 }", _x9: "y" };

function replaced(text: string): string {
  const result = substitute(text, ENV);
  assert.equal(result.type, "text", JSON.stringify(result));
  return result.type === "text" ? result.text : "";
}

function reasonOf(text: string): string {
  const result = substitute(text, ENV);
  assert.equal(result.type, "failed", JSON.stringify(result));
  return result.type === "failed" ? result.reason : "";
}

test("substitute() puts a variable in, alone and within a text", () => {
  assert.equal(replaced("${NAME}"), "value");
  assert.equal(replaced("a${NAME}b${_x9}c"), "avaluebyc");
});

test("substitute() takes the default only where the variable is not set", () => {
  assert.equal(replaced("${NAME:other}"), "value");
  assert.equal(replaced("${UNSET:other}"), "other");
  assert.equal(replaced("${UNSET:}"), "");
  assert.equal(replaced("${EMPTY:other}"), "");
  assert.equal(replaced("${UNSET:redis://h:1/0}"), "redis://h:1/0");
});

test("substitute() looks for variables in the environment's own names alone", () => {
  assert.equal(replaced("${constructor:none}"), "none");
  assert.equal(replaced("${__proto__:none}"), "none");
});

test("substitute() escapes $${ and leaves other dollars", () => {
  assert.equal(replaced("$${NAME}"), "${NAME}");
  assert.equal(replaced("$$${NAME}"), "$${NAME}");
  assert.equal(replaced("$NAME $ $$ 5$ }"), "$NAME $ $$ 5$ }");
});

test("substitute() takes what a variable holds as it is", () => {
  assert.equal(replaced("${TRICKY}"), "${NAME} $& $1 }");
});

test("substitute() names the variable that is not set", () => {
  assert.equal(
    reasonOf("a ${UNSET} b"),
    "needs the environment variable UNSET, which is not set, or ${UNSET:default}",
  );
});

test("substitute() refuses what is no ${NAME}", () => {
  for (const text of ["${", "${}", "${1A}", "${A-B}", "${NAME", "${ NAME }"]) {
    assert.equal(
      reasonOf(text),
      "needs ${NAME} or ${NAME:default}, or $${ for a plain ${",
      text,
    );
  }
});

test("substitute() gives back any text once its ${ are escaped", () => {
  const pieces = fc.array(fc.constantFrom("$", "{", "}", "A", ":", "é", "\n"));
  fc.assert(fc.property(pieces, (parts) => {
    const text = parts.join("");
    // A dollar before an escape would join it.
    fc.pre(!text.includes("$${"));
    assert.equal(replaced(text.replaceAll("${", () => "$${")), text);
  }));
});

test("namedVariables() finds what is asked for and not what is escaped", () => {
  assert.deepEqual(
    [...namedVariables("a: ${A}\nb: ${B:x} $${C} ${A}")],
    ["A", "B"],
  );
});
