import type { KeyNode } from "./key_tree.ts";
import type { KeyKind } from "./keys.ts";
import type { SourceNode } from "./source.ts";

/** A value that somebody gave a key. */
export interface Setting {
  readonly key: KeyNode;
  /** The key's path, with the name of the user's own where the key's has `*`. */
  readonly path: readonly string[];
  /** As written, not checked yet. */
  readonly value: unknown;
  /** Where it comes from, say `line 3` or a variable's name. */
  readonly origin: string;
}

/** What was found in one source; `problems` are lines. */
export interface Collected {
  readonly settings: readonly Setting[];
  readonly problems: readonly string[];
}

/** The later settings win over the earlier ones of the same path. */
export function mergeSettings(
  ...layers: readonly (readonly Setting[])[]
): Setting[] {
  const byPath = new Map<string, Setting>();
  for (const setting of layers.flat()) {
    byPath.set(JSON.stringify(setting.path), setting);
  }
  return [...byPath.values()];
}

/** Reads a text as a key of that kind; what does not look like one stays a text, and is refused later. */
export function readText(text: string, kind: KeyKind): unknown {
  switch (kind) {
    case "integer":
      return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "list":
      return text.trim() === ""
        ? []
        : text.split(",").map((item) => item.trim());
    case "text":
    case "choice":
    case "duration":
    case "size":
      return text;
    default:
      return kind satisfies never;
  }
}

/** What a source node says as the value of a key: mappings, and lists in lists, stay empty. */
export function readValue(node: SourceNode, kind: KeyKind): unknown {
  switch (node.type) {
    case "text":
      return readText(node.text, kind);
    case "value":
      return node.value;
    case "list":
      return Array.from(node.items(), readItem);
    case "map":
    case "unusable":
      return {};
    default:
      return node satisfies never;
  }
}

function readItem(node: SourceNode): unknown {
  if (node.type === "value") return node.value;
  if (node.type === "text") return node.text;
  return node.type === "list" ? [] : {};
}
