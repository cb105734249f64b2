// Deno alone runs this file (bunfig.toml): `Deno.lint.runPlugin` is how a rule sees a snippet.
import assert from "node:assert/strict";
import { test } from "node:test";
import plugin from "../../../tools/lint_boundaries.ts";

/** What the plugin says of a snippet, each as `rule: message`. */
function lint(filename: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, filename, source)
    .map(({ id, message }) => `${id.replace("hubbub/", "")}: ${message}`);
}

function assertClean(filename: string, sources: readonly string[]): void {
  for (const source of sources) {
    assert.deepEqual(lint(filename, source), [], `${filename}: ${source}`);
  }
}

function assertReported(
  filename: string,
  sources: readonly string[],
  expected: string,
): void {
  for (const source of sources) {
    const found = lint(filename, source);
    assert.deepEqual(found, [expected], `${filename}: ${source}`);
  }
}

test("runtime-names reports every way to name a runtime outside src/runtime/", () => {
  for (const name of ["Deno", "Bun", "process"]) {
    assertReported("src/config/load.ts", [
      `export const a = ${name}.env;`,
      `export const a = typeof ${name};`,
      `export type A = typeof ${name};`,
      `export type A = ${name}.Conn;`,
      `export const a = globalThis.${name};`,
      `export const a = globalThis["${name}"];`,
      `export const { ${name} } = globalThis;`,
      `export const { ${name}: a } = globalThis;`,
      `export const { "${name}": a } = globalThis;`,
      `export const a = { ${name} };`,
      `export const a = b[${name}];`,
      `f(${name});`,
    ], `runtime-names: '${name}' is only allowed in src/runtime/ and main.ts`);
  }
});

test("runtime-names leaves labels and the allowed places alone", () => {
  assertClean("src/hub/a.ts", [
    "job.process();",
    "export const a = { process: 1, Bun: 2 };",
    "export class A { process() {} Deno = 1; }",
    "export interface A { process: number; Deno(): void }",
    "export type A = B.process;",
    'export const a = b["process"];',
    'export const name = "Deno"; // Bun',
  ]);
  for (
    const file of [
      "src/runtime/deno/env.ts",
      "main.ts",
      "tests/a_test.ts",
      "tools/a.ts",
    ]
  ) {
    assertClean(file, ["export const a = [Deno.pid, Bun.version, process];"]);
  }
});

test("import-direction reports an import against the direction, however it is written", () => {
  assertReported("src/hub/deep/a.ts", [
    'import { a } from "../../http/mod.ts";',
    'import type { A } from "../../http/mod.ts";',
    'import "../../http/mod.ts";',
    'export { a } from "../../http/mod.ts";',
    'export type { A } from "../../http/mod.ts";',
    'export * from "../../http/mod.ts";',
    'export * as b from "../../http/mod.ts";',
    'export const a = await import("../../http/mod.ts");',
    'export type A = import("../../http/mod.ts").A;',
  ], "import-direction: src/hub may not import from src/http");
});

test("import-direction knows where only types may come from", () => {
  assertClean("src/hub/a.ts", [
    'import type { MessageBus } from "../bus/bus.ts";',
    'export type { MessageBus } from "../bus/bus.ts";',
    'export type A = import("../bus/bus.ts").MessageBus;',
  ]);
  // The braces' own `type` leaves `import {} from …` behind, which runs the module.
  assertReported("src/hub/a.ts", [
    'import { MemoryBus } from "../bus/memory_bus.ts";',
    'import { type MessageBus } from "../bus/bus.ts";',
    'export * from "../bus/bus.ts";',
    'export const a = import("../bus/bus.ts");',
  ], "import-direction: src/hub may only 'import type' from src/bus");
});

test("import-direction holds the table of docs/architecture.md", () => {
  const folders = [
    "protocol",
    "hub",
    "dispatcher",
    "handlers",
    "http",
    "auth",
    "cluster",
    "bus",
    "store",
    "runtime",
    "config",
    "telemetry",
  ];
  const values = folders.flatMap((from) =>
    folders.filter((to) =>
      from !== to &&
      lint(`src/${from}/a.ts`, `import "../${to}/a.ts";`).length === 0
    ).map((to) => `${from} → ${to}`)
  );
  assert.deepEqual(values, [
    "hub → protocol",
    "dispatcher → protocol",
    "dispatcher → hub",
    "handlers → protocol",
    "handlers → hub",
    "handlers → dispatcher",
    "http → protocol",
    "http → hub",
    "http → auth",
    "auth → protocol",
    "cluster → protocol",
    "cluster → hub",
    "bus → protocol",
    "store → protocol",
    "telemetry → hub",
  ]);
});

test("import-direction lets the composition reach everything", () => {
  assertClean("src/node.ts", [
    'import { Hub } from "./hub/mod.ts"; import { createApp } from "./http/mod.ts";',
    'import manifest from "../package.json" with { type: "json" };',
  ]);
  assertClean("main.ts", ['import { runtime } from "#runtime";']);
});

test("import-direction reports #runtime, another folder's private file and what lies outside src/", () => {
  assertReported("src/http/a.ts", [
    'import { runtime } from "#runtime";',
  ], "import-direction: src/http may only 'import type' from src/runtime");
  assertReported("src/hub/a.ts", [
    'import { a } from "../protocol/_scan.ts";',
  ], "import-direction: src/protocol/_scan.ts is private to its folder");
  assertReported(
    "src/hub/a.ts",
    [
      'import { FakeClock } from "../../tests/fakes/fake_clock.ts";',
    ],
    "import-direction: src/ may not import from outside src/: tests/fakes/fake_clock.ts",
  );
  assertClean("src/hub/a.ts", ['import { a } from "./_ring.ts";']);
});

test("outside-imports keeps packages out of the core", () => {
  for (const folder of ["hub", "protocol"]) {
    assertReported(`src/${folder}/a.ts`, [
      'import { z } from "zod";',
      'import type { z } from "zod";',
      'export const a = import("zod");',
    ], `outside-imports: src/${folder} has no dependency: 'zod'`);
  }
  assertClean("src/http/a.ts", ['import { Hono } from "hono";']);
});

test("outside-imports keeps built-in modules in src/runtime/", () => {
  for (const name of ["node:process", "node:fs", "bun:sqlite", "bun"]) {
    assertReported(
      "src/config/a.ts",
      [`import "${name}";`],
      `outside-imports: Built-in modules are only allowed in src/runtime/: '${name}'`,
    );
    assertClean("src/runtime/deno/a.ts", [`import "${name}";`]);
  }
});

test("outside-imports wants packages by the name in package.json", () => {
  for (const name of ["npm:zod@4", "jsr:@std/yaml", "https://a.test/b.ts"]) {
    assertReported(
      "src/config/a.ts",
      [`import "${name}";`],
      `outside-imports: Packages are named in package.json and imported by name: '${name}'`,
    );
  }
});

test("no-private-keyword reports members and parameter properties", () => {
  for (const file of ["src/hub/a.ts", "tools/a.ts", "tests/a_test.ts"]) {
    assertReported(file, [
      "class A { private a = 1; }",
      "class A { private static readonly a = 1; }",
      "class A { private a() {} }",
      "class A { protected a() {} }",
      "class A { constructor(private readonly a: number) {} }",
    ], "no-private-keyword: Use '#name' for what is private");
  }
  assertClean("src/hub/a.ts", [
    "class A { #a = 1; static #b() {} privateKey = 2; constructor(readonly c: number) {} }",
  ]);
});
