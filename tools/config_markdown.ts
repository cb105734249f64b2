import {
  type BlockNode,
  CONFIG_TREE,
  type KeyNode,
  type RecordNode,
} from "../src/config/key_tree.ts";
import { formatPath } from "../src/config/problem.ts";
import { markdownTable } from "./markdown_table.ts";

const INTRODUCTION = `# Configuration

Made from \`src/config/schema.ts\` by \`deno run -A tools/generate_config_docs.ts\`:
change that file, not this one.

A hub starts without any configuration. What is to differ from the defaults is
said in a YAML file, in the environment, or in both; the environment wins over
the file, the file over the default.

\`\`\`sh
HUBBUB_SERVER_PORT=9000 deno task start --config hubbub.yaml
\`\`\`

[configs/default.yaml](../configs/default.yaml) has every key at its default.
[configs/schema.json](../configs/schema.json) is the JSON Schema of the file: an
editor that knows YAML completes and checks keys by it, given this as the first
line:

\`\`\`yaml
# yaml-language-server: $schema=./schema.json
\`\`\`

\`--check-config\` checks the configuration, prints what would be in effect, with
secrets hidden, and ends.

## How values are written

- **Durations** are a number and \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`: \`250ms\`, \`1.5m\`.
- **Sizes** are a number and \`B\`, \`KiB\`, \`MiB\` or \`GiB\`: \`512B\`, \`64KiB\`.
- **In the environment** a key is its path in capitals, joined by \`_\`, after
  \`HUBBUB_\`: \`HUBBUB_SERVER_PORT\` is \`server.port\`. Lists are separated by
  commas, booleans are \`true\` or \`false\`. A variable that is set and empty is an
  empty text or an empty list.
- **From the environment into the file**: in a value of the file, \`\${NAME}\`
  stands for the variable, \`\${NAME:default}\` for the default where it is not
  set, and \`$\${\` for a plain \`\${\`. The text that comes out is read as the key's
  type, like a variable of the key's own. Inside \`{ … }\` and \`[ … ]\` such a
  value needs quotes.

## What is refused

An unknown key or \`HUBBUB_\` variable, a value of the wrong type or out of its
range, a key given twice and keys that contradict each other keep the hub from
starting. Each is told in a line of its own, all at once, and a secret never
shows:

\`\`\`text
Cannot use server.port: must be 0 to 65535: current value is "http" (line 3)
Cannot use server.websocket.ping_intervall: unknown key, did you mean server.websocket.ping_interval: current value is "10s" (line 5)
\`\`\`

Variables that Kubernetes sets for a service called \`hubbub\`, such as
\`HUBBUB_SERVICE_HOST\` or \`HUBBUB_PORT=tcp://…\`, are let be.

## Reload

The file is read again when it changes, on SIGHUP, and on
\`POST /api/admin/reload\`. It is checked whole and applied whole; where anything
is wrong, nothing changes, and the log says why. Keys marked ♻ take effect at
once, on open connections too; no connection is dropped for it. Any other key
keeps its value until a restart, and the log names it.

## Keys
`;

const NAMESPACES =
  `A room's namespace is what stands before the first \`:\` of its id: \`chat\` in
\`chat:lobby\`. A room without one is in \`default\`. Each namespace may have the
keys of \`rooms.defaults\`, and takes from there what it leaves out. Namespaces
are set in the file alone. ♻

\`\`\`yaml
rooms:
  namespaces:
    chat:
      max_clients: 100
      echo: true
\`\`\`
`;

/** The whole of docs/configuration.md, formatted as `deno fmt` would. */
export function renderMarkdown(): string {
  return [INTRODUCTION, ...sections(CONFIG_TREE)].join("\n");
}

/** A table for the keys that stand in a block itself, then a section for each block in it. */
function sections(node: BlockNode | RecordNode): string[] {
  const heading = `### \`${formatPath(node.path)}\`\n`;
  if (node.type === "record") return [heading, NAMESPACES];
  const children = [...node.children.values()];
  const keys = children.filter((child) => child.type === "key");
  const blocks = children.filter((child) => child.type !== "key");
  const isRoot = node.path.length === 0;
  return [
    ...(isRoot || keys.length === 0 ? [] : [heading]),
    ...(keys.length === 0 ? [] : [keyTable(keys)]),
    ...blocks.flatMap(sections),
  ];
}

function keyTable(keys: readonly KeyNode[]): string {
  return markdownTable([
    ["Key", "Value", "Default", "♻", "Environment", "Meaning"],
    ...keys.map((key) => [
      `\`${formatPath(key.path)}\``,
      key.form,
      `\`${showDefault(key)}\``,
      key.isLive ? "♻" : "",
      `\`${key.environment}\``,
      key.description,
    ]),
  ]);
}

function showDefault({ byDefault }: KeyNode): string {
  return typeof byDefault === "string" && byDefault !== ""
    ? byDefault
    : JSON.stringify(byDefault);
}
