import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { ConfigError } from "./problem.ts";
import type { SourceEntry, SourceNode } from "./source.ts";
import {
  type Environment,
  hasSubstitution,
  substitute,
} from "./substitution.ts";
import { formatSize } from "./units.ts";

/** The parser holds up everything else: about a second for the worst file of this length. */
const MAX_FILE_LENGTH = 256 * 1024;
const MAX_OPENED = 10_000;

/** Own words where the parser's would repeat a piece of the file, which may be a secret. */
const SYNTAX_TEXTS: Readonly<Record<string, string>> = {
  UNEXPECTED_TOKEN:
    "unexpected text; a value with special characters needs quotes",
  BAD_DQ_ESCAPE: "invalid escape sequence in double quotes",
  BAD_DIRECTIVE: "invalid directive",
  TAG_RESOLVE_FAILED: "unknown tag; a value that begins with ! needs quotes",
  RESOURCE_EXHAUSTION: "nested too deeply",
  MULTIPLE_DOCS: "more than one document",
};

/** What the reading of a YAML file needs besides its text. */
export interface YamlOptions {
  /** The file's name, for the error. */
  readonly path: string;
  /** What `${NAME}` stands for. */
  readonly env: Environment;
}

/**
 * A YAML document as a source, with `${NAME:default}` replaced in its values.
 *
 * @throws ConfigError with line and column where it is no YAML
 */
export function yamlSource(text: string, options: YamlOptions): SourceNode {
  const { path } = options;
  if (text.length > MAX_FILE_LENGTH) {
    throw new ConfigError([
      `Cannot read ${path}: larger than ${formatSize(MAX_FILE_LENGTH)}`,
    ]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    logLevel: "error",
    // The pretty form quotes the file, and secrets with it.
    prettyErrors: false,
    // The parser compares every key with every other; `collectSettings` finds them in one pass.
    uniqueKeys: false,
  });
  const errors = [...document.errors, ...document.warnings];
  const problem = syntaxProblem(errors, { path, lines });
  if (problem !== undefined) throw new ConfigError([problem]);
  return new YamlReader(document, { ...options, lines })
    .read(document.contents);
}

/** The first error alone: what follows is mostly its consequence. */
function syntaxProblem(
  errors: readonly YAMLError[],
  { path, lines }: { readonly path: string; readonly lines: LineCounter },
): string | undefined {
  const [first] = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (first === undefined) return undefined;
  const { line, col } = lines.linePos(first.pos[0]);
  const reason = SYNTAX_TEXTS[first.code] ??
    first.message.charAt(0).toLowerCase() + first.message.slice(1);
  return `Cannot read ${path}: ${reason} (line ${line}, column ${col})`;
}

class YamlReader {
  readonly #options: YamlOptions & { readonly lines: LineCounter };
  readonly #targets: ReadonlyMap<Alias, Node | undefined>;
  #opened = 0;

  constructor(
    document: Document,
    options: YamlOptions & { readonly lines: LineCounter },
  ) {
    this.#options = options;
    this.#targets = aliasTargets(document);
  }

  read(node: unknown): SourceNode {
    if (isAlias(node)) {
      const target = this.#targets.get(node);
      return target === undefined
        ? { type: "unusable", reason: "needs an anchor for its alias" }
        : this.read(target);
    }
    if (isMap(node)) return { type: "map", entries: () => this.#entries(node) };
    if (isSeq(node)) return { type: "list", items: () => this.#items(node) };
    return this.#scalar(isScalar(node) ? node.value : null);
  }

  #scalar(value: unknown): SourceNode {
    if (typeof value !== "string" || !hasSubstitution(value)) {
      return { type: "value", value };
    }
    const result = substitute(value, this.#options.env);
    return result.type === "text"
      ? result
      : { type: "unusable", reason: result.reason };
  }

  *#items(list: YAMLSeq): Iterable<SourceNode> {
    for (const item of list.items) {
      this.#open();
      yield this.read(item);
    }
  }

  *#entries(map: YAMLMap): Iterable<SourceEntry> {
    for (const { key, value } of map.items) {
      this.#open();
      const start = isNode(key) ? key.range?.[0] : undefined;
      const line = this.#options.lines.linePos(start ?? 0).line;
      yield {
        name: isScalar(key)
          ? key.source ?? String(key.value)
          : "a mapping or a list",
        node: this.read(value),
        origin: start === undefined ? "" : `line ${line}`,
      };
    }
  }

  /** Aliases let a small file open into a large one. */
  #open(): void {
    this.#opened += 1;
    if (this.#opened <= MAX_OPENED) return;
    throw new ConfigError([
      `Cannot read ${this.#options.path}: more than ${MAX_OPENED} keys and items`,
    ]);
  }
}

/** The node each alias stands for: the last before it with the anchor's name. */
function aliasTargets(document: Document): Map<Alias, Node | undefined> {
  const targets = new Map<Alias, Node | undefined>();
  const anchors = new Map<string, Node>();
  // A stack of its own: the depth of a document is not bounded by ours.
  const waiting: unknown[] = [document.contents];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (isPair(node)) waiting.push(node.value, node.key);
    else if (isAlias(node)) targets.set(node, anchors.get(node.source));
    else if (isNode(node)) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      if (!isCollection(node)) continue;
      for (const item of node.items.toReversed()) waiting.push(item);
    }
  }
  return targets;
}
