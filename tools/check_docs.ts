/**
 * Checks that the documents keep in step with the code: what is generated is fresh, links lead
 * somewhere, every dependency has its line, and the toolchain's versions are the pinned ones.
 */
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { CLOSES, ERRORS } from "../src/errors.ts";
import { staleFiles } from "./generate_config_docs.ts";
import { ERRORS_DOC, renderErrors } from "./generate_errors_docs.ts";
import { anchorsOf, localLinks } from "./markdown.ts";
import {
  finish,
  listFiles,
  type Manifest,
  readManifest,
  ROOT,
} from "./project.ts";

const DEPENDENCIES_DOC = "docs/dependencies.md";

/** Files by path, with their text. */
export type Texts = ReadonlyMap<string, string>;

/** Links of the texts that lead to no file, folder or heading; `exists` answers for a path of the project. */
export function checkLinks(
  texts: Texts,
  exists: (path: string) => boolean,
): string[] {
  const problems: string[] = [];
  for (const [file, text] of texts) {
    for (const { line, path, anchor } of localLinks(text)) {
      const target = path === ""
        ? file
        : posix.normalize(posix.join(posix.dirname(file), path));
      const targetText = texts.get(target);
      if (!exists(target)) {
        problems.push(
          `Mend the link at ${file}:${line}: no such file: ${path}`,
        );
      } else if (
        anchor !== undefined && targetText !== undefined &&
        !anchorsOf(targetText).has(anchor)
      ) {
        problems.push(
          `Mend the link at ${file}:${line}: no such heading: ${path}#${anchor}`,
        );
      }
    }
  }
  return problems;
}

/** Dependencies without a line `` - `name`: … `` in the document, and lines without a dependency. */
export function checkDependencies(
  document: string,
  manifest: Manifest,
): string[] {
  const needed = new Set([
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.devDependencies),
  ]);
  const listed = [...document.matchAll(/^- `([^`]+)`/gm)]
    .map(([, name = ""]) => name);
  return [
    ...[...needed].filter((name) => !listed.includes(name))
      .map((name) => `Add ${name} to ${DEPENDENCIES_DOC}: it has no line`),
    ...listed.filter((name, index) => listed.indexOf(name) !== index)
      .map((name) => `Keep one line of ${name} in ${DEPENDENCIES_DOC}`),
    ...listed.filter((name) => !needed.has(name))
      .map((name) => `Remove ${name} from ${DEPENDENCIES_DOC}: not in use`),
  ];
}

/** Every `deno@2.9.6` or `oven/bun:1.4.4` in the texts must name the version of package.json. */
export function checkPins(texts: Texts, manifest: Manifest): string[] {
  const problems: string[] = [];
  for (const [file, text] of texts) {
    const mentions = text.matchAll(/\b(deno|bun)[@:](\d[\w.-]*)/g);
    for (const [mention, name = "", version = ""] of mentions) {
      const pinned = manifest.devDependencies[name];
      // A mention may end a sentence.
      if (version.replace(/\.$/, "") === pinned) continue;
      problems.push(`Mend ${mention} in ${file}: package.json pins ${pinned}`);
    }
  }
  return problems;
}

function readTexts(paths: readonly string[]): Map<string, string> {
  return new Map(
    paths.map((path) => [path, readFileSync(ROOT + path, "utf8")]),
  );
}

function main(): void {
  const manifest = readManifest(ROOT);
  const documents = readTexts(listFiles(ROOT, [".md"]));
  const pinned = readTexts([
    "Dockerfile",
    ...listFiles(ROOT, [".yml"]).filter((path) => path.startsWith(".github/")),
  ]);
  // What was decided or released once keeps the versions of its day.
  const current = [...documents].filter(([path]) =>
    path !== "CHANGELOG.md" && !path.startsWith("docs/adr/")
  );
  const isFresh = documents.get(ERRORS_DOC) === renderErrors(ERRORS, CLOSES);
  finish("docs", [
    ...(isFresh ? [] : [
      `Run tools/generate_errors_docs.ts: ${ERRORS_DOC} is stale`,
    ]),
    ...staleFiles(ROOT).map((path) =>
      `Run tools/generate_config_docs.ts: ${path} is stale`
    ),
    ...checkLinks(documents, (path) => existsSync(ROOT + path)),
    ...checkDependencies(documents.get(DEPENDENCIES_DOC) ?? "", manifest),
    ...checkPins(new Map([...current, ...pinned]), manifest),
  ]);
}

if (import.meta.main) main();
