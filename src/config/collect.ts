import {
  ANY_NAME,
  type BlockNode,
  CONFIG_TREE,
  type KeyNode,
  listKeys,
  type RecordNode,
} from "./key_tree.ts";
import { nearMiss } from "./near_miss.ts";
import { formatPath, formatProblem } from "./problem.ts";
import { NAMESPACE_NAME } from "./room_keys.ts";
import { type Collected, readValue, type Setting } from "./settings.ts";
import type { SourceEntry, SourceNode } from "./source.ts";

const SECRET_NAME = /key|secret|token|pass|credential/i;

/** Finds what a source says of the keys there are, and names what is no key. */
export function collectSettings(root: SourceNode): Collected {
  const collector = new Collector();
  collector.mapping(CONFIG_TREE, { path: [], node: root, origin: "" });
  return collector;
}

/** A node of the source and where it stands. */
interface Place {
  readonly path: readonly string[];
  readonly node: SourceNode;
  readonly origin: string;
}

class Collector implements Collected {
  readonly settings: Setting[] = [];
  readonly problems: string[] = [];

  mapping(tree: BlockNode | RecordNode, place: Place): void {
    const { node, path } = place;
    // A block whose keys are all commented out is empty, and says nothing.
    if (node.type === "value" && (node.value ?? null) === null) return;
    if (node.type === "unusable") return this.#tell(place, node.reason);
    if (node.type !== "map") {
      return this.#refuse(place, "must be a mapping of keys");
    }
    const seen = new Map<string, SourceEntry>();
    for (const entry of node.entries()) {
      const child = { ...entry, path: [...path, entry.name] };
      const first = seen.get(entry.name);
      if (first !== undefined) {
        this.#tell(child, `must be given once, and is at ${first.origin} too`);
        continue;
      }
      seen.set(entry.name, entry);
      if (tree.type === "record") this.#named(tree, child);
      else this.#child(tree, { ...child, name: entry.name });
    }
  }

  #named(tree: RecordNode, place: Place): void {
    const name = place.path.at(-1) ?? "";
    if (NAMESPACE_NAME.pattern.test(name)) this.mapping(tree.entry, place);
    else this.#tell(place, `its name must be ${NAMESPACE_NAME.expects}`);
  }

  #child(block: BlockNode, place: Place & { readonly name: string }): void {
    const child = block.children.get(place.name);
    if (child === undefined) this.#unknown(block, place);
    else if (child.type === "key") this.#key(child, place);
    else this.mapping(child, place);
  }

  #key(key: KeyNode, place: Place): void {
    const { node, path, origin } = place;
    const broken = unusableParts(node, path);
    for (const part of broken) this.#tell({ ...part, origin }, part.reason);
    if (broken.length > 0) return;
    const value = readValue(node, key.kind);
    this.settings.push({ key, path, value, origin });
  }

  #unknown(block: BlockNode, place: Place & { readonly name: string }): void {
    const near = suggest(block, place);
    const hint = near === undefined ? "" : `, did you mean ${near}`;
    this.#refuse(place, `unknown key${hint}`);
  }

  /** Refuses a node for what it is, and shows it where there is something to show. */
  #refuse(place: Place, reason: string): void {
    const { path, node, origin } = place;
    if (node.type === "unusable") return this.#tell(place, reason);
    this.problems.push(formatProblem({
      key: path.length === 0 ? "the configuration" : formatPath(path),
      reason,
      value: { given: readValue(node, "text"), isSecret: mayBeSecret(place) },
      origin,
    }));
  }

  /** Refuses a node whatever its value. */
  #tell(at: Pick<Part, "path"> & { readonly origin: string }, reason: string) {
    const { path, origin } = at;
    this.problems.push(
      formatProblem({ key: formatPath(path), reason, origin }),
    );
  }
}

/** A value, or an item of one, that cannot be read. */
interface Part {
  readonly path: readonly (string | number)[];
  readonly reason: string;
}

function unusableParts(node: SourceNode, path: Part["path"]): Part[] {
  if (node.type === "unusable") return [{ path, reason: node.reason }];
  if (node.type !== "list") return [];
  return Array.from(node.items()).flatMap((item, index) =>
    item.type === "unusable"
      ? [{ path: [...path, index], reason: item.reason }]
      : []
  );
}

/** What stands where no value belongs may be a secret that was put beside its key, or comes from the environment. */
function mayBeSecret({ path, node }: Place): boolean {
  return path.length === 0 || path[0] === "auth" || node.type === "text" ||
    SECRET_NAME.test(path.at(-1) ?? "");
}

/** A key of the same block with a like name, else a key elsewhere with the very name. */
function suggest(
  block: BlockNode,
  place: Place & { readonly name: string },
): string | undefined {
  const { name, path } = place;
  const near = nearMiss(name, block.children.keys());
  if (near !== undefined) return formatPath([...path.slice(0, -1), near]);
  const elsewhere = listKeys(CONFIG_TREE).find((key) =>
    key.path.at(-1) === name && !key.path.includes(ANY_NAME)
  );
  return elsewhere === undefined ? undefined : formatPath(elsewhere.path);
}
