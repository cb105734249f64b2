import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ROOT } from "../../../tools/project.ts";

/** The instructions of each stage, a line continued by `\` joined; what stands before the first FROM comes first. */
function readStages(): string[][] {
  const stages: string[][] = [[]];
  const text = readFileSync(`${ROOT}Dockerfile`, "utf8").replace(/\\\n/g, "");
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("FROM ")) stages.push([]);
    stages.at(-1)?.push(line);
  }
  return stages;
}

function stageNamed(name: string): string[] {
  const stage = readStages().find(([from]) => from?.endsWith(` AS ${name}`));
  assert.ok(stage !== undefined, `No stage is named ${name}`);
  return stage;
}

test("Dockerfile ends in the stage that RUNTIME names, without root", () => {
  const stages = readStages();
  assert.deepEqual(stages[0], ["ARG RUNTIME=deno"]);
  const last = stages.at(-1) ?? [];
  assert.equal(last[0], "FROM ${RUNTIME}");
  assert.ok(last.includes("USER 65532:65532"));
  assert.ok(last.includes("ENV HUBBUB_SERVER_HOST=0.0.0.0"));
});

test("Dockerfile starts the hub and asks for its health with the runtime alone", () => {
  for (const runtime of ["deno", "bun"]) {
    const stage = stageNamed(runtime);
    const start = stage.find((line) => line.startsWith("ENTRYPOINT "));
    assert.match(
      start ?? "",
      new RegExp(`^ENTRYPOINT \\["${runtime}", .*"main.ts"\\]$`),
    );
    const health = stage.find((line) => line.startsWith("HEALTHCHECK "));
    assert.match(
      health ?? "",
      new RegExp(`CMD \\["${runtime}", .*"tools/healthcheck.ts"\\]$`),
    );
  }
});

test("Dockerfile copies only what .dockerignore lets through", () => {
  const allowed = readFileSync(`${ROOT}.dockerignore`, "utf8").split("\n")
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1)).sort();
  const copied = stageNamed("build")
    .filter((line) => line.startsWith("COPY "))
    .flatMap((line) => line.split(" ").slice(1, -1)).sort();
  assert.deepEqual(copied, allowed);
});
