import { runtime } from "#runtime";
import {
  ConfigError,
  describeConfig,
  HELP_TEXT,
  loadConfig,
  parseCliArguments,
} from "./src/config/mod.ts";
import { startHub, VERSION } from "./src/mod.ts";

/** The command line was wrong, or the configuration. */
const EXIT_USAGE = 2;

async function main(): Promise<void> {
  const cli = parseCliArguments(runtime.args);
  switch (cli.type) {
    case "help":
      return runtime.writeStdout(HELP_TEXT);
    case "version":
      return runtime.writeStdout(`${VERSION}\n`);
    case "invalid":
      return fail(cli.problems, EXIT_USAGE);
    case "check":
      return runtime.writeStdout(describeConfig(
        await loadConfig({
          configPath: cli.configPath,
          env: runtime.env(),
          readTextFile: runtime.readTextFile,
        }),
      ));
    case "run":
      return await run(cli.configPath);
    default:
      return cli satisfies never;
  }
}

/** Runs a node until a signal ends it; a second one ends it at once. */
async function run(configPath: string | undefined): Promise<void> {
  const node = await startHub(configPath === undefined ? {} : { configPath });
  runtime.onSignal("SIGHUP", () => void node.reload());
  runtime.onUncaught((err) => {
    node.api.logger.error({ err }, "nobody caught an error");
  });
  await new Promise<void>((resolve) => {
    let isFirst = true;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      runtime.onSignal(signal, () => {
        if (!isFirst) runtime.exit(1);
        isFirst = false;
        resolve();
      });
    }
  });
  await node.drain();
  runtime.exit(0);
}

function fail(problems: readonly string[], code: number): never {
  runtime.writeStderr(problems.map((problem) => `${problem}\n`).join(""));
  return runtime.exit(code);
}

try {
  await main();
} catch (error) {
  if (error instanceof ConfigError) fail(error.problems, EXIT_USAGE);
  fail([error instanceof Error ? error.message : String(error)], 1);
}
