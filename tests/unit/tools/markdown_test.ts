import assert from "node:assert/strict";
import { test } from "node:test";
import { anchorsOf, localLinks } from "../../../tools/markdown.ts";

test("localLinks() finds links, images and definitions within the project", () => {
  const text = `# Title
See [a](docs/a.md), [b](docs/a.md#part "Part") and ![c](c.png).
[d](#title) [e](<../e.md>) [f](with%20space.md)

[g]: docs/g.md
`;
  assert.deepEqual(localLinks(text), [
    { line: 2, path: "docs/a.md", anchor: undefined },
    { line: 2, path: "docs/a.md", anchor: "part" },
    { line: 2, path: "c.png", anchor: undefined },
    { line: 3, path: "", anchor: "title" },
    { line: 3, path: "../e.md", anchor: undefined },
    { line: 3, path: "with space.md", anchor: undefined },
    { line: 5, path: "docs/g.md", anchor: undefined },
  ]);
});

test("localLinks() passes over other hosts and over code", () => {
  const text = `[a](https://a.test/b.md) [b](mailto:a@a.test) [c](//a.test)
\`[d](d.md)\` and \`\`[e](e.md)\`\`
\`\`\`\`md
[f](f.md)
\`\`\`
[g](g.md)
\`\`\`\`
~~~
[h](h.md)
~~~
[i](i.md)`;
  assert.deepEqual(localLinks(text), [
    { line: 11, path: "i.md", anchor: undefined },
  ]);
});

test("anchorsOf() makes the anchors that headings get", () => {
  const text = `# Hubbub: wire protocol, version 1
## \`hubbub.v1.json\` & more
### See [the list](list.md)
## Error_codes
## Error_codes
\`\`\`sh
# no heading
\`\`\`
#no heading either
`;
  assert.deepEqual([...anchorsOf(text)], [
    "hubbub-wire-protocol-version-1",
    "hubbubv1json--more",
    "see-the-list",
    "error_codes",
    "error_codes-1",
  ]);
});
