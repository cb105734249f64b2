import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The project's folder, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../", import.meta.url));

const SKIPPED_FOLDERS = new Set(["node_modules", "coverage", "dist", ".git"]);

/** Files below `root` whose name ends in one of `endings`, as sorted paths relative to it; what is generated is left out. */
export function listFiles(root: string, endings: readonly string[]): string[] {
  const files: string[] = [];
  function walk(folder: string) {
    for (const entry of readdirSync(root + folder, { withFileTypes: true })) {
      const path = folder + entry.name;
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name)) walk(`${path}/`);
      } else if (endings.some((ending) => entry.name.endsWith(ending))) {
        files.push(path);
      }
    }
  }
  walk("");
  return files.sort();
}

/** What package.json pins, by name. */
export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** @throws Error where package.json under `root` lacks either list or a version is no string. */
export function readManifest(root: string): Manifest {
  const json: unknown = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  return {
    dependencies: parseVersions(json, "dependencies"),
    devDependencies: parseVersions(json, "devDependencies"),
  };
}

function parseVersions(json: unknown, key: string): Record<string, string> {
  const list = isRecord(json) ? json[key] : undefined;
  if (!isRecord(list)) {
    throw new Error(`Cannot read package.json: '${key}' is missing`);
  }
  const versions: Record<string, string> = {};
  for (const [name, version] of Object.entries(list)) {
    if (typeof version !== "string") {
      throw new Error(
        `Cannot read package.json: '${key}.${name}' must be a string: ${version}`,
      );
    }
    versions[name] = version;
  }
  return versions;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Prints what a check found; the process ends with 1 where that is anything. */
export function finish(name: string, problems: readonly string[]): void {
  for (const problem of problems) console.error(`${name}: ${problem}`);
  if (problems.length === 0) console.log(`${name}: ok`);
  else process.exitCode = 1;
}
