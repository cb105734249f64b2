import { nearMiss } from "./near_miss.ts";
import { showValue } from "./problem.ts";

/** What the command line asks for. */
export type CliArguments =
  | { readonly type: "run"; readonly configPath: string | undefined }
  /** Validate the configuration, print it and end. */
  | { readonly type: "check"; readonly configPath: string | undefined }
  | { readonly type: "help" }
  | { readonly type: "version" }
  /** `problems` are lines. */
  | { readonly type: "invalid"; readonly problems: readonly string[] };

/** What `--help` prints. */
export const HELP_TEXT = `Usage: hubbub [options]

  --config FILE    read the configuration from a YAML file
  --check-config   check the configuration, print it and exit
  --version        print the version and exit
  --help           print this and exit

Every key can be set by the environment too: HUBBUB_SERVER_PORT is server.port.
See docs/configuration.md.
`;

const OPTIONS: readonly string[] = [
  "--config",
  "--check-config",
  "--version",
  "--help",
];

/** Reads the arguments behind the program's name; of several wishes `--help` wins, then `--version`. */
export function parseCliArguments(args: readonly string[]): CliArguments {
  const problems: string[] = [];
  const asked = new Map<string, string | undefined>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, name = arg, inline] = /^(--[^=]*)=(.*)$/s.exec(arg) ?? [];
    let value = inline;
    // `--config --help` lacks its file; a file called so is --config=--help.
    if (name === "--config" && !(rest[0]?.startsWith("-") ?? true)) {
      value ??= rest.shift();
    }
    const problem = asked.has(name)
      ? "must be given once"
      : checkOption(name, value);
    if (problem !== undefined) {
      problems.push(`Cannot use ${showArgument(name)}: ${problem}`);
    }
    asked.set(name, value);
  }
  if (problems.length > 0) return { type: "invalid", problems };
  if (asked.has("--help")) return { type: "help" };
  if (asked.has("--version")) return { type: "version" };
  const configPath = asked.get("--config");
  return asked.has("--check-config")
    ? { type: "check", configPath }
    : { type: "run", configPath };
}

function checkOption(
  name: string,
  value: string | undefined,
): string | undefined {
  if (name === "--config") {
    return value === undefined || value === "" ? "needs a file" : undefined;
  }
  if (OPTIONS.includes(name)) {
    return value === undefined ? undefined : "takes no value";
  }
  if (!name.startsWith("-")) return "no argument is expected";
  const near = nearMiss(name, OPTIONS);
  return near === undefined
    ? "unknown option"
    : `unknown option, did you mean ${near}`;
}

function showArgument(name: string): string {
  return /^-[\w-]*$/.test(name) ? name : showValue(name);
}
