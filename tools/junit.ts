/** One test of a JUnit report. */
export interface TestCase {
  readonly file: string;
  /** With the names of its groups before it. */
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped";
  /** What the runner says of a failure; empty for the other two. */
  readonly detail: string;
}

const CASE =
  /<testcase\b((?:\s+[\w:-]+="[^"]*")*)\s*(?:\/>|>([\s\S]*?)<\/testcase>)/g;
const FAILURE =
  /<(?:failure|error)\b((?:\s+[\w:-]+="[^"]*")*)\s*(?:\/>|>([\s\S]*?)<\/(?:failure|error)>)/;

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
};

function unescape(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex: string, decimal: string, name: string) =>
      hex !== undefined
        ? String.fromCodePoint(parseInt(hex, 16))
        : decimal !== undefined
        ? String.fromCodePoint(Number(decimal))
        : ENTITIES[name] ?? whole,
  );
}

function attribute(attributes: string, name: string): string {
  const match = new RegExp(`\\s${name}="([^"]*)"`).exec(attributes);
  return unescape(match?.[1] ?? "");
}

/** The cases of a JUnit report as `deno test` and `bun test` write it, in its order. */
export function parseJunit(xml: string): TestCase[] {
  const cases: TestCase[] = [];
  for (const [, attributes = "", body = ""] of xml.matchAll(CASE)) {
    const group = attribute(attributes, "classname");
    // Deno puts the file where Bun puts the group.
    const isFile = /\.[jt]s$/.test(group);
    const name = attribute(attributes, "name");
    const failure = FAILURE.exec(body);
    cases.push({
      file: isFile ? group : attribute(attributes, "file"),
      name: isFile || group === "" ? name : `${group} > ${name}`,
      status: failure !== null
        ? "failed"
        : /<skipped\b/.test(body)
        ? "skipped"
        : "passed",
      detail: failure === null
        ? ""
        : unescape(failure[2] ?? attribute(failure[1] ?? "", "message")).trim(),
    });
  }
  return cases;
}
