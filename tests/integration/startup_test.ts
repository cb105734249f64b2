import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HubProcess } from "../fakes/hub_process.ts";
import {
  Program,
  runProgram,
  RUNTIME,
  scriptCommand,
} from "../fakes/program.ts";
import { until } from "../fakes/until.ts";

const options = { timeout: 60_000 };

interface Output {
  readonly code: number | null;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** Runs `main.ts` to its end; `config` is written to a file that `{config}` among the arguments names. */
async function runMain(
  args: readonly string[],
  { config = "", env = {} }: {
    config?: string;
    env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Output> {
  const folder = mkdtempSync(join(tmpdir(), "hubbub-test-"));
  const path = join(folder, "hubbub.yaml");
  try {
    writeFileSync(path, config);
    const command = scriptCommand();
    const { exit, program } = await runProgram({
      ...command,
      args: [
        ...command.args,
        ...args.map((arg) => arg.replace("{config}", path)),
      ],
    }, { env: { HUBBUB_SERVER_PORT: "0", ...env } });
    assert.equal(exit.signal, null);
    const { stdout, stderr } = program;
    return { code: exit.code, stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("--help and --version print and end", options, async () => {
  const help = await runMain(["--help"]);
  assert.deepEqual([help.code, help.stderr], [0, []]);
  for (const option of ["--config FILE", "--check-config", "--version"]) {
    assert.ok(help.stdout.some((line) => line.includes(option)), option);
  }
  const { code, stdout, stderr } = await runMain(["--version"]);
  assert.deepEqual([code, stdout.length, stderr], [0, 1, []]);
  assert.match(stdout[0] ?? "", /^\d+\.\d+\.\d+$/);
});

test(
  "--check-config prints what would hold, without secrets",
  options,
  async () => {
    const { code, stdout, stderr } = await runMain(
      ["--check-config", "--config", "{config}"],
      {
        config: "server: { websocket: { queue_bytes: 2MiB } }",
        env: {
          HUBBUB_SERVER_PORT: "8123",
          HUBBUB_AUTH_API_KEY: "open-sesame-1",
        },
      },
    );
    assert.deepEqual([code, stderr], [0, []]);
    const text = stdout.join("\n");
    assert.match(text, /port: 8123/);
    assert.match(text, /queue_bytes: 2MiB/);
    assert.ok(!text.includes("open-sesame"), text);
  },
);

test("wrong arguments are each a line, and the end", options, async () => {
  const { code, stdout, stderr } = await runMain(["--confg", "x", "--port=1"]);
  assert.deepEqual([code, stdout], [2, []]);
  assert.equal(stderr.length, 3, stderr.join("\n"));
  assert.match(stderr[0] ?? "", /^Cannot use --confg: .*--config/);
});

test("a bad configuration is one line a problem, exit 2", options, async () => {
  const args = ["--config", "{config}"];
  for (const more of [[], ["--check-config"]]) {
    const { code, stdout, stderr } = await runMain([...args, ...more], {
      config: `
server:
  hots: 0.0.0.0
  port: eighty
  websocket: { max_message_bytes: 64 parsecs }
limits: { rooms: -1 }
log: { level: loud }
`,
      env: { HUBBUB_SERVER_PORT: "70000", HUBBUB_LOG_FORMAT: "xml" },
    });
    assert.deepEqual([code, stdout], [2, []]);
    const keys = stderr.map((line) => /^Cannot use (\S+): /.exec(line)?.[1]);
    assert.deepEqual(keys.toSorted(), [
      "limits.rooms",
      "log.format",
      "log.level",
      "server.hots",
      "server.port",
      "server.websocket.max_message_bytes",
    ], stderr.join("\n"));
  }
});

test("an unreadable configuration says why, exit 2", options, async () => {
  const missing = await runMain(["--config", "{config}.nowhere"]);
  assert.deepEqual([missing.code, missing.stdout], [2, []]);
  assert.match(missing.stderr.join("\n"), /^Cannot read \S+nowhere: .*$/);
  const broken = await runMain(["--config", "{config}"], {
    config: "server: { port: 8080\n",
  });
  assert.deepEqual([broken.code, broken.stdout], [2, []]);
  assert.match(broken.stderr.join("\n"), /^Cannot read \S+: .*line \d+.*$/);
});

test(
  "an address that cannot be had is named in one line",
  options,
  async () => {
    await using hub = await HubProcess.start();
    const taken = await runMain([], {
      env: { HUBBUB_SERVER_PORT: String(hub.port) },
    });
    assert.deepEqual(taken, {
      code: 1,
      stdout: [],
      stderr: [`Cannot listen on 127.0.0.1:${hub.port}: address in use`],
    });
    const foreign = await runMain([], {
      env: { HUBBUB_SERVER_HOST: "192.0.2.1" },
    });
    assert.equal(foreign.code, 1);
    assert.match(
      foreign.stderr.join("\n"),
      /^Cannot listen on 192\.0\.2\.1:0: .+$/,
    );
  },
);

test(
  "what the runtime cannot do refuses to start, by name",
  options,
  async () => {
    const { code, stderr } = RUNTIME === "bun"
      ? await runMain([], { env: { HUBBUB_SERVER_WEBSOCKET_TRANSPORT: "ws" } })
      : await runMain([], {
        env: {
          HUBBUB_SERVER_WEBSOCKET_TRANSPORT: "native",
          HUBBUB_SERVER_WEBSOCKET_COMPRESSION: "true",
        },
      });
    assert.notEqual(code, 0);
    assert.match(stderr.join("\n"), /^Cannot .*transport.*(ws|native).*$/);
  },
);

test(
  "handler modules that fail refuse to start, by name",
  options,
  async () => {
    const fixtures = "tests/integration/fixtures";
    const cases: [path: string, reason: RegExp][] = [
      [`${fixtures}/throws_at_load.ts`, /the dice box is empty/],
      [`${fixtures}/no_default.ts`, /must export a function by default/],
      [`${fixtures}/takes_ping.ts`, /"ping": the type has one already/],
      [`${fixtures}/nowhere.ts`, /./],
    ];
    for (const [path, reason] of cases) {
      const { code, stdout, stderr } = await runMain([], {
        env: { HUBBUB_HANDLERS: path },
      });
      assert.deepEqual([code, stdout], [1, []], path);
      const text = stderr.join("\n");
      assert.ok(text.startsWith(`Cannot load handlers from ${path}: `), text);
      assert.match(text, reason);
    }
  },
);

test("the log is for people where it is to be", options, async () => {
  await using program = await Program.start(scriptCommand(), {
    env: { HUBBUB_SERVER_PORT: "0", HUBBUB_LOG_FORMAT: "pretty" },
  });
  await until(() => program.output.includes("hub is listening"), {
    deadlineMs: 20_000,
    describe: () => program.output,
  });
  assert.match(program.output, /INFO.*hub is listening/);
  assert.match(program.output, /address: "127\.0\.0\.1:\d+"/);
});
