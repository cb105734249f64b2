import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HubClient } from "../fakes/hub_client.ts";
import { HubProcess } from "../fakes/hub_process.ts";
import { scriptCommand } from "../fakes/program.ts";
import { until } from "../fakes/until.ts";
import { reply } from "./black_box/scene.ts";

const options = { timeout: 60_000 };
const KEY = "server.websocket.max_message_bytes";

test(
  "SIGHUP and POST /api/admin/reload read the file again",
  options,
  async () => {
    await using linked = await LinkedHub.start();
    const { hub } = linked;
    using client = await HubClient.connect(hub.baseUrl);
    // Behind the link, in a folder that nobody watches: only who is told will look.
    writeFileSync(linked.target, limit("30KiB"));
    assert.deepEqual(await hub.post("/api/admin/reload"), {
      status: "applied",
      changed: [KEY],
      needs_restart: [],
    });
    await reply(client, "ping", { pad: "x".repeat(30_000) });
    writeFileSync(linked.target, limit("60KiB"));
    hub.program.kill("SIGHUP");
    await until(() => reloads(hub) === 2, { deadlineMs: 20_000 });
    await reply(client, "ping", { pad: "x".repeat(60_000) });
    assert.deepEqual(await hub.post("/api/admin/reload"), {
      status: "unchanged",
      changed: [],
      needs_restart: [],
    });
    writeFileSync(linked.target, limit("much"));
    const refused = Object(await hub.post("/api/admin/reload"));
    assert.equal(refused.code, 1001);
    assert.equal(refused.details.length, 1);
    assert.match(
      refused.details[0],
      /^Cannot use server\.websocket\.max_message/,
    );
    await reply(client, "ping", { pad: "x".repeat(60_000) });
    assert.equal(reloads(hub), 2);
  },
);

test("a file put in the place of the old one is noticed", options, async () => {
  await using linked = await LinkedHub.start();
  const { hub, folder, link } = linked;
  using client = await HubClient.connect(hub.baseUrl);
  const ways = [
    // An editor, and whoever is careful.
    () => {
      writeFileSync(join(folder, "new.yaml"), limit("10KiB"));
      renameSync(join(folder, "new.yaml"), link);
    },
    // Kubernetes: the link is switched.
    () => {
      const other = join(folder, "other");
      mkdirSync(other);
      writeFileSync(join(other, "hubbub.yaml"), limit("20KiB"));
      symlinkSync(join(other, "hubbub.yaml"), join(folder, "..tmp"));
      renameSync(join(folder, "..tmp"), link);
    },
    () => {
      unlinkSync(link);
      writeFileSync(link, limit("30KiB"));
    },
  ];
  for (const [i, way] of ways.entries()) {
    way();
    await until(() => reloads(hub) === i + 1, { deadlineMs: 20_000 });
    await reply(client, "ping", { pad: "x".repeat((i + 1) * 10_000) });
  }
});

test(
  "a key that needs a restart is named, the rest holds",
  options,
  async () => {
    await using linked = await LinkedHub.start();
    const { hub, target } = linked;
    using client = await HubClient.connect(hub.baseUrl);
    writeFileSync(
      target,
      `
server:
  drain_timeout: 3s
  websocket: { path: /elsewhere, max_message_bytes: 30KiB }
metrics: { enabled: false }
`,
    );
    const needsRestart = ["metrics.enabled", "server.websocket.path"];
    const { status, changed, needs_restart } = Object(
      await hub.post("/api/admin/reload"),
    );
    assert.equal(status, "applied");
    assert.deepEqual(changed.toSorted(), ["server.drain_timeout", KEY]);
    assert.deepEqual(needs_restart.toSorted(), needsRestart);
    const { level, keys } = await hub.waitForLog(
      "configuration keys need a restart",
    );
    assert.equal(level, "warn");
    assert.ok(Array.isArray(keys));
    assert.deepEqual(keys.toSorted(), needsRestart);
    await reply(client, "ping", { pad: "x".repeat(30_000) });
    // Where it listens and what it serves is as it was.
    using _another = await HubClient.connect(hub.baseUrl);
    assert.equal((await hub.metrics()).value("hubbub_connections"), 2);
  },
);

/** A hub whose configuration file is a link to a file in a folder that it does not watch. */
class LinkedHub implements AsyncDisposable {
  readonly hub: HubProcess;
  readonly folder: string;
  /** What the hub was told to read. */
  readonly link: string;
  /** What it reads. */
  readonly target: string;

  static async start(): Promise<LinkedHub> {
    const folder = mkdtempSync(join(tmpdir(), "hubbub-link-"));
    const link = join(folder, "hubbub.yaml");
    mkdirSync(join(folder, "target"));
    writeFileSync(targetOf(folder), limit("1KiB"));
    symlinkSync(targetOf(folder), link);
    const { program, args } = scriptCommand();
    const command = { program, args: [...args, "--config", link] };
    try {
      return new LinkedHub(await HubProcess.start({ command }), folder);
    } catch (error) {
      rmSync(folder, { recursive: true });
      throw error;
    }
  }

  constructor(hub: HubProcess, folder: string) {
    this.hub = hub;
    this.folder = folder;
    this.link = join(folder, "hubbub.yaml");
    this.target = targetOf(folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hub[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true });
  }
}

function targetOf(folder: string): string {
  return join(folder, "target", "hubbub.yaml");
}

function limit(maxMessageBytes: string): string {
  return `server: { websocket: { max_message_bytes: ${maxMessageBytes} } }`;
}

function reloads(hub: HubProcess): number {
  return hub.logged("configuration reloaded").length;
}
