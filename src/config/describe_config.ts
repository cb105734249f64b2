import { stringify } from "yaml";
import { type BlockNode, CONFIG_TREE, type TreeNode } from "./key_tree.ts";
import type { Config } from "./schema.ts";
import { valueAt, writtenValue } from "./values.ts";

/** The configuration in effect as YAML that can be read back, but for its secrets, which are hidden. */
export function describeConfig(config: Config): string {
  return stringify(describeBlock(CONFIG_TREE, { config, path: [] }));
}

/** A place in a configuration; `path` holds names of the user's own where the tree has `*`. */
interface Place {
  readonly config: Config;
  readonly path: readonly string[];
}

function describeBlock(block: BlockNode, place: Place): Map<string, unknown> {
  return new Map(
    Array.from(block.children, ([name, child]) => [
      name,
      describeNode(child, { ...place, path: [...place.path, name] }),
    ]),
  );
}

function describeNode(node: TreeNode, place: Place): unknown {
  const value = valueAt(place.config, place.path);
  switch (node.type) {
    case "key":
      return node.isSecret && value !== ""
        ? "hidden"
        : writtenValue(value, node.kind);
    case "block":
      return describeBlock(node, place);
    case "record":
      return new Map(
        Object.keys(value ?? {}).map((name) => [
          name,
          describeBlock(node.entry, { ...place, path: [...place.path, name] }),
        ]),
      );
    default:
      return node satisfies never;
  }
}
