import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { listFiles, readManifest, ROOT } from "../../../tools/project.ts";

function withFolder(run: (root: string) => void): void {
  const root = `${mkdtempSync(join(tmpdir(), "hubbub-project-"))}/`;
  try {
    run(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("listFiles() lists by ending, sorted, without what is generated", () => {
  withFolder((root) => {
    for (const folder of ["src/hub", "node_modules/a", ".git", "coverage"]) {
      mkdirSync(root + folder, { recursive: true });
      writeFileSync(`${root}${folder}/a.ts`, "");
    }
    writeFileSync(`${root}b.md`, "");
    writeFileSync(`${root}a.ts`, "");
    writeFileSync(`${root}a.tsx`, "");
    assert.deepEqual(listFiles(root, [".ts", ".md"]), [
      "a.ts",
      "b.md",
      "src/hub/a.ts",
    ]);
  });
});

test("readManifest() reads the pins of this project", () => {
  const { dependencies, devDependencies } = readManifest(ROOT);
  for (
    const version of Object.values({ ...dependencies, ...devDependencies })
  ) {
    assert.match(version, /^\d+\.\d+\.\d+$/);
  }
  assert.ok("deno" in devDependencies && "bun" in devDependencies);
});

test("readManifest() refuses a list that is missing or holds no strings", () => {
  const wrong: [string, RegExp][] = [
    ["{}", /'dependencies' is missing/],
    ['{"dependencies":[]}', /'dependencies' is missing/],
    ['{"dependencies":{}}', /'devDependencies' is missing/],
    ['{"dependencies":{"a":1}}', /'dependencies.a' must be a string: 1/],
  ];
  for (const [text, expected] of wrong) {
    withFolder((root) => {
      writeFileSync(`${root}package.json`, text);
      assert.throws(() => readManifest(root), expected);
    });
  }
});
