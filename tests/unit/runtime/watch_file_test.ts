import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runtime } from "#runtime";
import { until } from "../../fakes/until.ts";

/** A file that is watched, in a folder of its own. */
class Watched implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "hubbub-test-"));
  readonly path = join(this.folder, "hubbub.yaml");
  /** What the file said at each change. */
  readonly seen: string[] = [];
  #watch: { stop(): void } | undefined;

  start(): void {
    this.#watch = runtime.watchFile(this.path, () => {
      this.seen.push(readFileSync(this.path, "utf8"));
    });
  }

  stop(): void {
    this.#watch?.stop();
  }

  /** Waits until a change showed this text, which must be what the last change showed. */
  async expect(text: string): Promise<void> {
    await until(() => this.seen.at(-1) === text, {
      describe: () => `saw ${JSON.stringify(this.seen)}`,
    });
  }

  /** Writes another file in the folder and waits long enough for that to have had an effect. */
  async touchNeighbour(): Promise<void> {
    writeFileSync(join(this.folder, "neighbour"), `${Math.random()}`);
    await new Promise<void>((resolve) => runtime.clock.after(250, resolve));
  }

  [Symbol.dispose](): void {
    this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

test("watchFile() notices that the file was written", async () => {
  using file = new Watched();
  writeFileSync(file.path, "one");
  file.start();
  writeFileSync(file.path, "two");
  await file.expect("two");
  writeFileSync(file.path, "three");
  await file.expect("three");
  assert.ok(!file.seen.includes("one"));
});

test("watchFile() notices that another file was renamed over it, again and again", async () => {
  using file = new Watched();
  writeFileSync(file.path, "one");
  file.start();
  for (const text of ["two", "six", "ten"]) {
    const temporary = join(file.folder, ".hubbub.yaml.tmp");
    writeFileSync(temporary, text);
    renameSync(temporary, file.path);
    await file.expect(text);
  }
});

test("watchFile() notices that a symbolic link beside it was switched", async () => {
  using file = new Watched();
  // As Kubernetes mounts a ConfigMap: hubbub.yaml → ..data/hubbub.yaml, ..data → a dated folder.
  function mount(version: string): void {
    const folder = join(file.folder, `..${version}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "hubbub.yaml"), version);
    symlinkSync(`..${version}`, join(file.folder, "..data_tmp"));
    renameSync(join(file.folder, "..data_tmp"), join(file.folder, "..data"));
  }
  mount("one");
  symlinkSync("..data/hubbub.yaml", file.path);
  file.start();
  for (const version of ["two", "six"]) {
    mount(version);
    await file.expect(version);
  }
});

test("watchFile() notices that the file came into being, and came again", async () => {
  using file = new Watched();
  file.start();
  writeFileSync(file.path, "new");
  await file.expect("new");
  rmSync(file.path);
  await file.touchNeighbour();
  assert.equal(file.seen.length, 1);
  writeFileSync(file.path, "back");
  await file.expect("back");
});

test("watchFile() says nothing of other files, and nothing after stop()", async () => {
  using file = new Watched();
  writeFileSync(file.path, "one");
  file.start();
  await file.touchNeighbour();
  readFileSync(file.path);
  await file.touchNeighbour();
  assert.deepEqual(file.seen, []);
  file.stop();
  file.stop();
  writeFileSync(file.path, "two");
  await file.touchNeighbour();
  assert.deepEqual(file.seen, []);
});

test("watchFile() throws where there is no directory to watch", () => {
  assert.throws(
    () => runtime.watchFile("/no/such/folder/hubbub.yaml", () => {}),
    /^Error: Cannot watch \/no\/such\/folder\/hubbub\.yaml: /,
  );
});
