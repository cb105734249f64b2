import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJunit } from "../../../tools/junit.ts";

test("parseJunit() reads what deno test writes", () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="4" failures="1" errors="0" time="0.011">
    <testsuite name="./tests/a_test.ts" tests="4" disabled="1" errors="0" failures="1">
        <testcase name="ok() works" classname="./tests/a_test.ts" time="0.001" line="3" col="1">
        </testcase>
        <testcase name="fail() &lt;&amp;&quot;&apos;&gt; fails" classname="./tests/a_test.ts" time="0.002" line="4" col="1">
            <failure message="Uncaught AssertionError: 1 !== 2
">AssertionError: 1 !== 2
test(&quot;fail() &lt;&amp;&quot;)
</failure>
        </testcase>
        <testcase name="later" classname="./tests/a_test.ts" time="0.000" line="5" col="1">
            <skipped/>
        </testcase>
        <testcase name="sub &gt; inner" classname="./tests/a_test.ts" time="0.000" line="6" col="36">
        </testcase>
    </testsuite>
</testsuites>`;
  const file = "./tests/a_test.ts";
  assert.deepEqual(parseJunit(xml), [
    { file, name: "ok() works", status: "passed", detail: "" },
    {
      file,
      name: "fail() <&\"'> fails",
      status: "failed",
      detail: 'AssertionError: 1 !== 2\ntest("fail() <&")',
    },
    { file, name: "later", status: "skipped", detail: "" },
    { file, name: "sub > inner", status: "passed", detail: "" },
  ]);
});

test("parseJunit() reads what bun test writes", () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bun test" tests="4" assertions="0" failures="1" skipped="1" time="0.05">
  <testsuite name="tests/a_test.ts" file="tests/a_test.ts" tests="4" assertions="0" failures="1" skipped="1" time="0.03" hostname="vm">
    <testcase name="ok() works" classname="" time="0.000918" file="tests/a_test.ts" line="3" assertions="0" />
    <testcase name="later" classname="" time="0" file="tests/a_test.ts" line="8" assertions="0">
      <skipped message="TODO" />
    </testcase>
    <testsuite name="group" file="tests/a_test.ts" line="7" tests="2" assertions="0" failures="1" skipped="0" time="0" hostname="vm">
      <testcase name="one" classname="group" time="0.000022" file="tests/a_test.ts" line="7" assertions="0" />
      <testcase name="two" classname="group" time="0.000076" file="tests/a_test.ts" line="7" assertions="0">
        <failure type="Error" message="x">Error: x&#10;      at tests/a_test.ts:7:76&#10;</failure>
      </testcase>
    </testsuite>
  </testsuite>
</testsuites>`;
  const file = "tests/a_test.ts";
  assert.deepEqual(parseJunit(xml), [
    { file, name: "ok() works", status: "passed", detail: "" },
    { file, name: "later", status: "skipped", detail: "" },
    { file, name: "group > one", status: "passed", detail: "" },
    {
      file,
      name: "group > two",
      status: "failed",
      detail: "Error: x\n      at tests/a_test.ts:7:76",
    },
  ]);
});

test("parseJunit() takes a failure without text, and its message instead", () => {
  const xml =
    `<testcase name="a" classname="./a_test.ts"><failure message="&#x41;&#66;&unknown;"/></testcase>
<testcase name="b" classname="./a_test.ts"><error message="gone">Killed</error></testcase>`;
  assert.deepEqual(
    parseJunit(xml).map(({ status, detail }) => [status, detail]),
    [["failed", "AB&unknown;"], ["failed", "Killed"]],
  );
});

test("parseJunit() is not misled by markup within a failure's text", () => {
  const xml = `<testcase name="a" classname="./a_test.ts">
    <failure message="m">&lt;testcase name=&quot;b&quot;/&gt; &lt;skipped/&gt;</failure>
  </testcase>`;
  assert.deepEqual(parseJunit(xml), [{
    file: "./a_test.ts",
    name: "a",
    status: "failed",
    detail: '<testcase name="b"/> <skipped/>',
  }]);
});

test("parseJunit() finds no case in an empty or broken report", () => {
  assert.deepEqual(parseJunit(""), []);
  assert.deepEqual(parseJunit('<testsuites><testcase name="a'), []);
});
