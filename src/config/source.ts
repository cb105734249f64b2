/**
 * A value as somebody wrote it, before anything is known of its key. Mappings and lists open only
 * when asked, so that nobody walks deeper into them than the schema goes.
 */
export type SourceNode =
  | { readonly type: "map"; entries(): Iterable<SourceEntry> }
  | { readonly type: "list"; items(): Iterable<SourceNode> }
  | { readonly type: "value"; readonly value: unknown }
  /** A text from the environment, to be read as the key's kind says. */
  | { readonly type: "text"; readonly text: string }
  /** What cannot be read, and why. */
  | { readonly type: "unusable"; readonly reason: string };

/** One key of a mapping. */
export interface SourceEntry {
  readonly name: string;
  readonly node: SourceNode;
  /** Where it stands, say `line 3`; empty where nobody can say. */
  readonly origin: string;
}

/** A plain object as a source; of it, only what it has itself. */
export function objectSource(value: unknown): SourceNode {
  if (Array.isArray(value)) {
    return { type: "list", items: () => value.map(objectSource) };
  }
  if (typeof value !== "object" || value === null) {
    return { type: "value", value };
  }
  return {
    type: "map",
    entries: () =>
      Object.entries(value)
        .filter(([, child]) => child !== undefined)
        .map(([name, child]) => ({
          name,
          node: objectSource(child),
          origin: "",
        })),
  };
}
