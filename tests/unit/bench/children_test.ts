import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { Children, type Command } from "../../../bench/children.ts";

/** A shell that lives until it is killed, or its script ends. */
function shell(script: string): Command {
  return { program: "sh", args: ["-c", script], env: { WORD: "hello" } };
}

function startShell(script: string) {
  return new Children().start(shell(script), tmpdir());
}

function wordOf(line: string): string | undefined {
  return line.startsWith("word ") ? line.slice(5) : undefined;
}

const WAIT = { what: "hear a word", deadlineMs: 5_000 };

test("until() resolves with the first line that fits, and passes over others", async () => {
  const child = startShell('echo no; echo "word $WORD"; echo word two; read x');
  assert.equal(await child.until(wordOf, WAIT), "hello");
  await child.kill();
});

test("until() rejects at its deadline, with what the child said", async () => {
  const child = startShell("echo some line; read x");
  await assert.rejects(
    child.until(wordOf, { what: "hear a word", deadlineMs: 300 }),
    /Cannot hear a word: not done within 300 ms\nsome line/,
  );
  await child.kill();
});

test("until() rejects when the child exits, and tells its code and last words", async () => {
  const child = startShell("echo bad luck >&2; exit 3");
  await assert.rejects(child.until(wordOf, WAIT), /exit 3\n.*bad luck/s);
});

test("until() rejects for a program that is not there", async () => {
  const command = { program: "/no/such/program", args: [] };
  const child = new Children().start(command, tmpdir());
  await assert.rejects(child.until(wordOf, WAIT), /Cannot hear a word/);
  assert.equal(await child.exited, -1);
});

test("say() reaches the child's input", async () => {
  const child = startShell('echo word ready; read x; echo "word got $x"');
  assert.equal(await child.until(wordOf, WAIT), "ready");
  child.say("this");
  assert.equal(await child.until(wordOf, WAIT), "got this");
});

test("killAll() leaves no child behind, not even one that ignores signals", async () => {
  const children = new Children();
  const script = "trap '' TERM INT; echo word up; read x; sleep 60";
  const started = [0, 1].map(() => children.start(shell(script), tmpdir()));
  await Promise.all(started.map((child) => child.until(wordOf, WAIT)));
  await children.killAll();
  for (const child of started) assert.equal(await child.exited, -1);
});
