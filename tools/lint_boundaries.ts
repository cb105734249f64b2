/**
 * The project's own lint rules, named in deno.json under `lint.plugins`:
 *
 * - `runtime-names`: `Deno`, `Bun` and `process` only under src/runtime/ and in main.ts.
 * - `import-direction`: which folder of src/ may import from which (docs/architecture.md).
 * - `outside-imports`: no package in src/hub/ and src/protocol/, built-in modules only in src/runtime/,
 *   packages by their name in package.json and never by URL.
 * - `no-private-keyword`: `#name` instead, which holds at run time too.
 */

const RUNTIME_NAMES = new Set(["Deno", "Bun", "process"]);
const GLOBAL_OBJECTS = new Set(["globalThis", "window", "self", "global"]);
const ROOT = new URL("../", import.meta.url).pathname;

interface Reach {
  /** What it may import values, and with them types, from. */
  readonly values: readonly string[];
  /** What it may import types alone from, besides. */
  readonly types: readonly string[];
}

/** Folders of src/, and `errors` for src/errors.ts. A folder always reaches itself; one not listed reaches all. */
const REACH: Readonly<Record<string, Reach>> = {
  errors: { values: [], types: [] },
  protocol: { values: ["errors"], types: [] },
  hub: { values: ["protocol", "errors"], types: ["bus", "store"] },
  dispatcher: { values: ["hub", "protocol", "errors"], types: [] },
  handlers: {
    values: ["dispatcher", "hub", "protocol", "errors"],
    types: ["config", "runtime"],
  },
  http: {
    values: ["auth", "hub", "protocol", "errors"],
    types: ["config", "runtime"],
  },
  auth: { values: ["protocol", "errors"], types: ["hub"] },
  cluster: { values: ["hub", "protocol", "errors"], types: ["bus", "store"] },
  bus: { values: ["protocol", "errors"], types: [] },
  store: { values: ["protocol", "errors"], types: [] },
  runtime: { values: [], types: ["hub", "protocol"] },
  config: { values: [], types: ["hub", "runtime"] },
  telemetry: { values: ["hub"], types: ["runtime"] },
};

const CORE = new Set(["hub", "protocol"]);

/** Where a file stands, as a path relative to the project; undefined outside src/. */
function sourcePath(filename: string): string | undefined {
  const path = filename.replaceAll("\\", "/");
  const relative = path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
  return relative.startsWith("src/") ? relative : undefined;
}

/** `hub` for src/hub/queue.ts, `errors` for src/errors.ts; undefined for a path outside src/. */
function unitOf(path: string): string | undefined {
  return /^src\/(\w+)(?:\/|\.ts$)/.exec(path)?.[1];
}

/** The path that a relative specifier in a file leads to; undefined for anything but a relative one. */
function resolve(from: string, specifier: string): string | undefined {
  if (specifier === "#runtime") return "src/runtime/mod.ts";
  if (!specifier.startsWith(".")) return undefined;
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

interface Import {
  readonly node: Deno.lint.Node;
  readonly specifier: string;
  /** `import type`; a `type` within the braces does not count, as the module still runs. */
  readonly isTypeOnly: boolean;
}

/** Calls `check` for all that names another module: import, export from, `import()` and a type's `import()`. */
function visitImports(
  check: (found: Import) => void,
): Deno.lint.LintVisitor {
  return {
    ImportDeclaration(node) {
      const isTypeOnly = node.importKind === "type";
      check({ node, specifier: node.source.value, isTypeOnly });
    },
    ExportNamedDeclaration(node) {
      if (node.source === null) return;
      const isTypeOnly = node.exportKind === "type";
      check({ node, specifier: node.source.value, isTypeOnly });
    },
    ExportAllDeclaration(node) {
      const isTypeOnly = node.exportKind === "type";
      check({ node, specifier: node.source.value, isTypeOnly });
    },
    ImportExpression(node) {
      const { source } = node;
      if (source.type !== "Literal" || typeof source.value !== "string") return;
      check({ node, specifier: source.value, isTypeOnly: false });
    },
    TSImportType(node) {
      const { argument } = node;
      if (argument.type !== "TSLiteralType") return;
      const { literal } = argument;
      if (literal.type !== "Literal" || typeof literal.value !== "string") {
        return;
      }
      check({ node, specifier: literal.value, isTypeOnly: true });
    },
  };
}

/** Whether an identifier is a mere label of its parent (`a.process`, `{ process: 1 }`), not a reference. */
function isLabel(node: Deno.lint.Identifier): boolean {
  const { parent } = node;
  switch (parent.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed;
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
    case "TSPropertySignature":
    case "TSMethodSignature":
      return parent.key === node && !parent.computed;
    case "TSQualifiedName":
      return parent.right === node;
    default:
      return false;
  }
}

/** The name a property is read by, where the source text tells it. */
function propertyName(key: Deno.lint.Node): string | undefined {
  if (key.type === "Identifier") return key.name;
  return key.type === "Literal" && typeof key.value === "string"
    ? key.value
    : undefined;
}

function isGlobalObject(node: Deno.lint.Node | null): boolean {
  return node?.type === "Identifier" && GLOBAL_OBJECTS.has(node.name);
}

const runtimeNames: Deno.lint.Rule = {
  create(context) {
    const path = sourcePath(context.filename);
    if (path === undefined || unitOf(path) === "runtime") return {};
    function report(node: Deno.lint.Node, name: string) {
      const message = `'${name}' is only allowed in src/runtime/ and main.ts`;
      context.report({ node, message });
    }
    return {
      Identifier(node) {
        if (RUNTIME_NAMES.has(node.name) && !isLabel(node)) {
          report(node, node.name);
        }
      },
      MemberExpression(node) {
        if (!isGlobalObject(node.object)) return;
        const name = propertyName(node.property);
        if (name !== undefined && RUNTIME_NAMES.has(name)) report(node, name);
      },
      VariableDeclarator(node) {
        if (!isGlobalObject(node.init) || node.id.type !== "ObjectPattern") {
          return;
        }
        for (const property of node.id.properties) {
          if (property.type !== "Property" || property.shorthand) continue;
          const name = propertyName(property.key);
          if (name !== undefined && RUNTIME_NAMES.has(name)) {
            report(property, name);
          }
        }
      },
    };
  },
};

const importDirection: Deno.lint.Rule = {
  create(context) {
    const path = sourcePath(context.filename);
    const from = path === undefined ? undefined : unitOf(path);
    if (path === undefined || from === undefined) return {};
    const reach = REACH[from];
    return visitImports(({ node, specifier, isTypeOnly }) => {
      const target = resolve(path, specifier);
      // The version stands in package.json alone.
      if (target === undefined || target === "package.json") return;
      const to = unitOf(target);
      if (to === from) return;
      const message = to === undefined
        ? `src/ may not import from outside src/: ${target}`
        : /\/_\w+\.ts$/.test(target)
        ? `${target} is private to its folder`
        : explain(reach, { from, to, isTypeOnly });
      if (message !== undefined) context.report({ node, message });
    });
  },
};

/** Why an import from `from` to `to` is wrong; undefined where it is right. */
function explain(
  reach: Reach | undefined,
  step: { from: string; to: string; isTypeOnly: boolean },
): string | undefined {
  const { from, to, isTypeOnly } = step;
  if (reach === undefined || reach.values.includes(to)) return undefined;
  if (!reach.types.includes(to)) {
    return `src/${from} may not import from src/${to}`;
  }
  return isTypeOnly
    ? undefined
    : `src/${from} may only 'import type' from src/${to}`;
}

const outsideImports: Deno.lint.Rule = {
  create(context) {
    const path = sourcePath(context.filename);
    const from = path === undefined ? undefined : unitOf(path);
    if (from === undefined) return {};
    return visitImports(({ node, specifier }) => {
      if (/^[.#]/.test(specifier)) return;
      const message = /^(?:node|bun):|^bun$/.test(specifier)
        ? from === "runtime"
          ? undefined
          : `Built-in modules are only allowed in src/runtime/: '${specifier}'`
        : /^\w+:/.test(specifier)
        ? `Packages are named in package.json and imported by name: '${specifier}'`
        : CORE.has(from)
        ? `src/${from} has no dependency: '${specifier}'`
        : undefined;
      if (message !== undefined) context.report({ node, message });
    });
  },
};

const noPrivateKeyword: Deno.lint.Rule = {
  create(context) {
    function check(node: Deno.lint.Node) {
      // The tree leaves out the modifier of a parameter property, so read the text.
      if (!/^(?:private|protected)\b/.test(context.sourceCode.getText(node))) {
        return;
      }
      context.report({ node, message: "Use '#name' for what is private" });
    }
    return {
      PropertyDefinition: check,
      MethodDefinition: check,
      TSParameterProperty: check,
    };
  },
};

const plugin: Deno.lint.Plugin = {
  name: "hubbub",
  rules: {
    "runtime-names": runtimeNames,
    "import-direction": importDirection,
    "outside-imports": outsideImports,
    "no-private-keyword": noPrivateKeyword,
  },
};

export default plugin;
