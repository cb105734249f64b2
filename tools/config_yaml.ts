import { stringify } from "yaml";
import { CONFIG_TREE, type TreeNode } from "../src/config/key_tree.ts";

const HEAD = `# yaml-language-server: $schema=./schema.json

# Every key at its default. Made by tools/generate_config_docs.ts: change
# src/config/schema.ts, not this file.
`;

const NAMESPACES =
  `# What a namespace says instead: the keys of defaults, under its name.
namespaces: {}
`;

/** The whole of configs/default.yaml, formatted as `deno fmt` would. */
export function renderYaml(): string {
  return HEAD + block(CONFIG_TREE.children);
}

function block(children: ReadonlyMap<string, TreeNode>): string {
  let text = "";
  for (const [name, node] of children) text += `\n${entry(name, node)}`;
  return text;
}

function entry(name: string, node: TreeNode): string {
  switch (node.type) {
    case "key":
      return `# ${node.description}${node.isLive ? " ♻" : ""}\n${
        stringify({ [name]: node.byDefault })
      }`;
    case "record":
      return NAMESPACES;
    case "block":
      return `${name}:${indent(block(node.children))}`;
    default:
      return node satisfies never;
  }
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
