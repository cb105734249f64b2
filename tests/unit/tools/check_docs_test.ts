import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkDependencies,
  checkLinks,
  checkPins,
} from "../../../tools/check_docs.ts";

const MANIFEST = {
  dependencies: { hono: "4.13.19" },
  devDependencies: { bun: "1.4.4", deno: "2.9.6" },
};

function problemsOf(files: Readonly<Record<string, string>>): string[] {
  const texts = new Map(Object.entries(files));
  return checkLinks(texts, (path) => texts.has(path) || path === "src/");
}

test("checkLinks() accepts links to files, folders and headings", () => {
  assert.deepEqual(
    problemsOf({
      "README.md": "# A\n[a](docs/b.md#b) [b](./docs/b.md) [c](#a) [d](src/)",
      "docs/b.md": "# B\n[a](../README.md#a) [b](b.md)",
    }),
    [],
  );
});

test("checkLinks() names the place of a link that leads nowhere", () => {
  assert.deepEqual(
    problemsOf({
      "README.md": "# A\n\n[a](docs/c.md)\n[b](docs/b.md#c) [c](#b)",
      "docs/b.md": "# B\n[a](README.md)",
    }),
    [
      "Mend the link at README.md:3: no such file: docs/c.md",
      "Mend the link at README.md:4: no such heading: docs/b.md#c",
      "Mend the link at README.md:4: no such heading: #b",
      "Mend the link at docs/b.md:2: no such file: README.md",
    ],
  );
});

test("checkDependencies() wants one line for each dependency and none besides", () => {
  const lines = ["- `hono`: router", "- `bun`: runtime", "- `deno`: runtime"];
  assert.deepEqual(checkDependencies(lines.join("\n"), MANIFEST), []);
  assert.deepEqual(
    checkDependencies(
      "- `hono`: a\n- `hono`: b\n- `deno`: c\n- `left`: d",
      MANIFEST,
    ),
    [
      "Add bun to docs/dependencies.md: it has no line",
      "Keep one line of hono in docs/dependencies.md",
      "Remove left from docs/dependencies.md: not in use",
    ],
  );
});

test("checkDependencies() takes no mention in the text for a line", () => {
  assert.equal(
    checkDependencies("Uses `hono`, `bun`, `deno`.", MANIFEST).length,
    3,
  );
});

test("checkPins() finds every version that is not the pinned one", () => {
  const texts = new Map([
    ["README.md", "`npx -y deno@2.9.6 task start`, or bun@1.4.4."],
    ["Dockerfile", "FROM denoland/deno:2.9.6 AS deno\nFROM oven/bun:1.4.4"],
    ["CONTRIBUTING.md", "npx deno@2.9.5 or deno@2.9.60, oven/bun:1.4"],
    ["docs/a.md", "node:20 and bun:sqlite, 0.0.0.0:8080"],
  ]);
  assert.deepEqual(checkPins(texts, MANIFEST), [
    "Mend deno@2.9.5 in CONTRIBUTING.md: package.json pins 2.9.6",
    "Mend deno@2.9.60 in CONTRIBUTING.md: package.json pins 2.9.6",
    "Mend bun:1.4 in CONTRIBUTING.md: package.json pins 1.4.4",
  ]);
});
