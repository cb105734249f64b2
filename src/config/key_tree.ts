import { z } from "zod";
import { KEY_INFO, type KeyInfo } from "./keys.ts";
import { CONFIG_SCHEMA } from "./schema.ts";

/** A key with a value. */
export interface KeyNode extends KeyInfo {
  readonly type: "key";
  readonly path: readonly string[];
  /** The variable that sets it; undefined inside a record, where names are free. */
  readonly environment: string | undefined;
}

/** A mapping with keys of known names. */
export interface BlockNode {
  readonly type: "block";
  readonly path: readonly string[];
  readonly children: ReadonlyMap<string, TreeNode>;
}

/** A mapping with names of the user's own, each a block alike. */
export interface RecordNode {
  readonly type: "record";
  readonly path: readonly string[];
  readonly entry: BlockNode;
}

export type TreeNode = KeyNode | BlockNode | RecordNode;

/** What stands for the name of the user's own in the path of a record's key. */
export const ANY_NAME = "*";

const PREFIX = "HUBBUB_";

type AnySchema = z.core.$ZodType;

function describeNode(schema: AnySchema, path: readonly string[]): TreeNode {
  let inner = schema;
  while (inner instanceof z.ZodPrefault || inner instanceof z.ZodOptional) {
    inner = inner.unwrap();
  }
  const info = KEY_INFO.get(inner);
  if (info !== undefined) {
    const environment = path.includes(ANY_NAME)
      ? undefined
      : PREFIX + path.join("_").toUpperCase();
    return { type: "key", path, environment, ...info };
  }
  if (inner instanceof z.ZodRecord) {
    const entry = describeBlock(inner.valueType, [...path, ANY_NAME]);
    return { type: "record", path, entry };
  }
  return describeBlock(inner, path);
}

function describeBlock(schema: AnySchema, path: readonly string[]): BlockNode {
  if (!(schema instanceof z.ZodObject)) {
    throw new TypeError(
      `Cannot describe ${path.join(".")}: neither a key nor a block`,
    );
  }
  const children = new Map<string, TreeNode>();
  for (const [name, child] of Object.entries<AnySchema>(schema.shape)) {
    children.set(name, describeNode(child, [...path, name]));
  }
  return { type: "block", path, children };
}

/** The keys of the configuration as a tree, in the order of the schema. */
export const CONFIG_TREE: BlockNode = describeBlock(CONFIG_SCHEMA, []);

/** Every key below a node, in the order of the schema; a record's once, with `*` for the free name. */
export function listKeys(node: TreeNode): KeyNode[] {
  switch (node.type) {
    case "key":
      return [node];
    case "record":
      return listKeys(node.entry);
    case "block":
      return [...node.children.values()].flatMap(listKeys);
    default:
      return node satisfies never;
  }
}
