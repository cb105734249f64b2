/**
 * Writes what is made from src/config/schema.ts: docs/configuration.md, configs/default.yaml and
 * configs/schema.json. With `--check` it writes nothing and fails where one of them is stale.
 *
 *     deno run -A tools/generate_config_docs.ts [--check]
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { renderJsonSchema } from "./config_json_schema.ts";
import { renderMarkdown } from "./config_markdown.ts";
import { renderYaml } from "./config_yaml.ts";
import { finish, ROOT } from "./project.ts";

/** What each generated file must hold, by path. */
export function renderAll(): Map<string, string> {
  return new Map([
    ["docs/configuration.md", renderMarkdown()],
    ["configs/default.yaml", renderYaml()],
    ["configs/schema.json", renderJsonSchema()],
  ]);
}

/** The generated files under `root` that are missing or not as they must be. */
export function staleFiles(root: string): string[] {
  return [...renderAll()]
    .filter(([path, text]) =>
      !existsSync(root + path) || readFileSync(root + path, "utf8") !== text
    )
    .map(([path]) => path);
}

if (import.meta.main) {
  if (!process.argv.includes("--check")) {
    for (const [path, text] of renderAll()) writeFileSync(ROOT + path, text);
  }
  finish(
    "configuration",
    staleFiles(ROOT).map((path) =>
      `Run tools/generate_config_docs.ts: ${path} is stale`
    ),
  );
}
