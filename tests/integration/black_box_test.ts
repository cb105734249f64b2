import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { ROOT } from "../../tools/project.ts";
import { HubProcess } from "../fakes/hub_process.ts";
import { type Command, RUNTIME, scriptCommand } from "../fakes/program.ts";
import {
  BLACK_BOX_CONFIG,
  type Target,
  testBlackBox,
} from "./black_box_suite.ts";

const BUILD_TIMEOUT_MS = 120_000;

/** One way to run a hub. */
interface Way {
  readonly name: string;
  /** What is started; may first be made below the folder. */
  command(folder: string): Command;
  readonly env?: Readonly<Record<string, string>>;
  readonly lacks?: Target["lacks"];
}

const WAYS: readonly Way[] = RUNTIME === "deno"
  ? [
    { name: "main.ts", command: () => scriptCommand() },
    {
      name: "main.ts (native)",
      command: () => scriptCommand(),
      env: { HUBBUB_SERVER_WEBSOCKET_TRANSPORT: "native" },
      lacks: {
        "close frame for broken frames":
          "Deno.upgradeWebSocket drops the socket without one",
        "close frame for who sends on":
          "it drops the socket when a frame comes behind its own close",
      },
    },
    { name: "deno bundle", command: bundle },
  ]
  : [
    { name: "main.ts", command: () => scriptCommand() },
    { name: "bun build --compile", command: compile },
  ];

/** As `deno task compile` does before it compiles. */
function bundle(folder: string): Command {
  const script = join(folder, "hubbub.js");
  build(["bundle", "--platform=deno", `--output=${script}`, "main.ts"]);
  return scriptCommand(script);
}

function compile(folder: string): Command {
  const program = join(folder, "hubbub");
  build(["build", "--compile", `--outfile=${program}`, "main.ts"]);
  return { program, args: [] };
}

function build(args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [...args], {
    cwd: ROOT,
    encoding: "utf8",
    timeout: BUILD_TIMEOUT_MS,
  });
  assert.equal(status, 0, stderr);
}

/** Starts a hub when the first test asks for it; the last test ends it. */
function testWay(way: Way): void {
  const folder = mkdtempSync(join(tmpdir(), "hubbub-build-"));
  let started: Promise<HubProcess> | undefined;
  function hub(): Promise<HubProcess> {
    started ??= HubProcess.start({
      command: way.command(folder),
      config: BLACK_BOX_CONFIG,
      ...(way.env !== undefined && { env: way.env }),
    });
    return started;
  }

  testBlackBox({
    name: way.name,
    baseUrl: async () => (await hub()).baseUrl,
    ...(way.lacks !== undefined && { lacks: way.lacks }),
  });

  test(`${way.name} stops, and nothing went wrong inside`, async () => {
    try {
      await using process = await hub();
      assert.deepEqual(await process.stop(), { code: 0, signal: null });
      const errors = process.log.filter((it) => it.level === "error");
      // What the handlers of the fixture throw, in each dialect.
      assert.deepEqual(
        errors.map((it) => it.msg),
        Array(4).fill("handler failed"),
      );
      assert.deepEqual(process.program.stderr, []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

// Any hub that was started with the suite's configuration will do, wherever it is.
const url = process.env["BLACK_BOX_URL"];
if (url === undefined) { for (const way of WAYS) testWay(way); }
else testBlackBox({ name: url, baseUrl: () => Promise.resolve(url) });
