import {
  type BlockNode,
  CONFIG_TREE,
  type KeyNode,
  listKeys,
  type RecordNode,
  type TreeNode,
} from "./key_tree.ts";
import { formatPath } from "./problem.ts";
import type { Config } from "./schema.ts";
import { deepFreeze, valueAt } from "./values.ts";

/** The keys two configurations differ in, by what a change of them takes. */
export interface ConfigDiff {
  readonly live: readonly string[];
  readonly needsRestart: readonly string[];
}

/** Compares two configurations key by key; a namespace is one key. */
export function diffConfig(from: Config, to: Config): ConfigDiff {
  const live: string[] = [];
  const needsRestart: string[] = [];
  for (const { path, isLive } of comparedPaths(CONFIG_TREE, [from, to])) {
    // Values are scalars, lists and namespaces, whose keys are always in the schema's order.
    const isSame = JSON.stringify(valueAt(from, path)) ===
      JSON.stringify(valueAt(to, path));
    if (!isSame) (isLive ? live : needsRestart).push(formatPath(path));
  }
  return { live, needsRestart };
}

/** `candidate`, but for the keys that need a restart, which stay as they are in `running`. */
export function keepRestartKeys(running: Config, candidate: Config): Config {
  const merged = mergeBlock(CONFIG_TREE, { running, candidate });
  // Every key of the schema is there, each with its value from one of two configurations.
  return deepFreeze(merged) as Config;
}

type ComparedPath = Pick<KeyNode, "path" | "isLive">;

function comparedPaths(
  node: TreeNode,
  configs: readonly Config[],
): ComparedPath[] {
  switch (node.type) {
    case "key":
      return [node];
    case "block":
      return [...node.children.values()]
        .flatMap((child) => comparedPaths(child, configs));
    case "record": {
      const names = new Set(
        configs.flatMap((config) =>
          Object.keys(valueAt(config, node.path) ?? {})
        ),
      );
      return [...names].map((name) => ({
        path: [...node.path, name],
        isLive: isLiveRecord(node),
      }));
    }
    default:
      return node satisfies never;
  }
}

function isLiveRecord(node: RecordNode): boolean {
  return listKeys(node).every((key) => key.isLive);
}

function mergeBlock(
  block: BlockNode,
  configs: { readonly running: Config; readonly candidate: Config },
): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const [name, child] of block.children) {
    if (child.type === "block") merged[name] = mergeBlock(child, configs);
    else {
      const isLive = child.type === "key" ? child.isLive : isLiveRecord(child);
      const source = isLive ? configs.candidate : configs.running;
      merged[name] = valueAt(source, child.path);
    }
  }
  return merged;
}
