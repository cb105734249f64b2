/** A link of a Markdown text to somewhere in the project. */
export interface LocalLink {
  readonly line: number;
  /** Path as written; empty for a place in the text itself. */
  readonly path: string;
  /** What follows `#`; undefined where nothing does. */
  readonly anchor: string | undefined;
}

const LINK = /\[[^\]]*\]\(\s*<?([^\s()<>]+)>?(?:\s+"[^"]*")?\s*\)/g;
const DEFINITION = /^\s{0,3}\[[^\]]+\]:\s*<?([^\s<>]+)>?/g;
const FENCE = /^\s*(`{3,}|~{3,})/;

/** The lines outside code blocks, with their numbers. */
function* linesOf(markdown: string): Iterable<{ line: number; text: string }> {
  let fence: string | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    const mark = FENCE.exec(text)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
    } else if (mark !== undefined) fence = mark;
    else yield { line: index + 1, text };
  }
}

/** Links that stay within the project: no scheme and no host. */
export function localLinks(markdown: string): LocalLink[] {
  const links: LocalLink[] = [];
  for (const { line, text } of linesOf(markdown)) {
    const prose = text.replace(/`+[^`]*`+/g, "");
    for (const pattern of [LINK, DEFINITION]) {
      for (const [, target = ""] of prose.matchAll(pattern)) {
        if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) continue;
        const [path = "", anchor] = target.split("#", 2);
        links.push({ line, path: decodeURIComponent(path), anchor });
      }
    }
  }
  return links;
}

/** The anchors that a text's headings get where the project is shown. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  const times = new Map<string, number>();
  for (const { text } of linesOf(markdown)) {
    const heading = /^#{1,6}\s+(.*)$/.exec(text);
    if (heading === null) continue;
    const slug = slugOf(heading[1] ?? "");
    const count = times.get(slug) ?? 0;
    times.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

function slugOf(heading: string): string {
  return heading.trim()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
