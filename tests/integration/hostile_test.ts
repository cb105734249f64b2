import assert from "node:assert/strict";
import { test } from "node:test";
import { ERRORS } from "../../src/errors.ts";
import { HubClient } from "../fakes/hub_client.ts";
import { hostileFrame } from "../fakes/hostile_frames.ts";
import { hostilePayload } from "../fakes/hostile_payloads.ts";
import { HubProcess } from "../fakes/hub_process.ts";
import { MemoryWatch } from "../fakes/memory_watch.ts";
import { RawWsClient } from "../fakes/raw_ws_client.ts";
import { until } from "../fakes/until.ts";
import { reply, SUBPROTOCOL } from "./black_box/scene.ts";

const MAX_MESSAGE_BYTES = 16_384;
const CONFIG = `
server: { websocket: { max_message_bytes: 16KiB } }
limits: { invalid_per_minute: 0 }
auth:
  anonymous_permissions:
    - send:message
    - create:room
    - delete:room
    - join:room
    - leave:room
    - direct:message
    - read:presence
`;
const TENTHS = 10;
/** Tenths before the first, in which the heap comes to its size. */
const WARM_UP = 2;
/** Connections of a tenth that send payloads, and how many each sends. */
const SENDERS = 9;
const PAYLOADS = 1_000;
/** Connections of a tenth that send a frame each, and how many at once. */
const FRAMES = 1_000;
const FRAMES_AT_ONCE = 50;
const options = { timeout: 115_000 };

test(
  "100,000 malformed frames and payloads change nothing",
  options,
  async () => {
    await using hub = await HubProcess.start({ config: CONFIG });
    using honest = await HonestPair.connect(hub);
    const attack = new Attack(hub);
    const memory = new MemoryWatch(hub);
    for (let tenth = 1 - WARM_UP; tenth <= TENTHS; tenth++) {
      for (let i = 0; i < SENDERS; i++) {
        await attack.sendPayloads();
        if (tenth === 2) await memory.measureBefore();
      }
      await attack.sendFrames();
      await honest.check();
    }
    console.log(await memory.settle(() => attack.sendPayloads()));

    const metrics = await hub.metrics();
    for (const { code } of Object.values(ERRORS)) {
      const answered = metrics.value(`hubbub_errors_total{code="${code}"}`);
      assert.equal(answered, attack.expected.get(code) ?? 0, `errors ${code}`);
    }
    await until(async () =>
      (await hub.metrics()).value("hubbub_connections") === 2
    );
    assert.equal(hub.program.exit, undefined, "it is the same process still");
    assert.deepEqual(hub.log.filter((it) => it.level === "error"), []);
    assert.deepEqual(hub.program.stderr, []);
    assert.deepEqual(await hub.stop(), { code: 0, signal: null });
  },
);

/** Sends what nobody may send, and checks how each is answered. */
class Attack {
  /** Errors that were due so far, by their code. */
  readonly expected = new Map<number, number>();
  readonly #port: number;
  #payloads = 0;
  #frames = 0;

  constructor({ port }: HubProcess) {
    this.#port = port;
  }

  /** Payloads on one connection, which lives on; each is answered in turn by its error. */
  async sendPayloads(): Promise<void> {
    using client = await RawWsClient.connect(this.#port);
    const payloads = Array.from(
      { length: PAYLOADS },
      () => hostilePayload(this.#payloads++),
    );
    client.sendFrames(...payloads.map(({ frame }) => frame));
    for (const { error, frame } of payloads) {
      const { code } = ERRORS[error];
      const answer = Object(JSON.parse(await client.nextText()));
      assert.deepEqual(
        [answer.message_type, answer.data.code],
        ["error", code],
        String(frame.payload).slice(0, 200),
      );
      this.expected.set(code, (this.expected.get(code) ?? 0) + 1);
    }
    assert.equal(client.pendingFrames, 0, "one answer each");
  }

  /** Frames that each close a connection of their own, with the code that fits. */
  async sendFrames(): Promise<void> {
    for (let i = 0; i < FRAMES; i += FRAMES_AT_ONCE) {
      await Promise.all(
        Array.from({ length: FRAMES_AT_ONCE }, () => this.#sendFrame()),
      );
    }
  }

  async #sendFrame(): Promise<void> {
    const n = this.#frames++;
    using client = await RawWsClient.connect(this.#port);
    const { bytes, code } = hostileFrame(n, MAX_MESSAGE_BYTES);
    client.sendBytes(bytes);
    assert.equal((await client.nextClose()).code, code, `frame ${n}`);
  }
}

/** Two clients that do what they are meant to, and must not notice anything. */
class HonestPair implements Disposable {
  readonly #sender: HubClient;
  readonly #receiver: HubClient;
  #sent = 0;

  static async connect({ baseUrl }: HubProcess): Promise<HonestPair> {
    const sender = await HubClient.connect(baseUrl);
    const receiver = await HubClient.connect(baseUrl, {
      subprotocol: SUBPROTOCOL,
    });
    for (const client of [sender, receiver]) {
      await reply(client, "join_room", { room_id: "lobby" });
    }
    return new HonestPair(sender, receiver);
  }

  constructor(sender: HubClient, receiver: HubClient) {
    this.#sender = sender;
    this.#receiver = receiver;
  }

  async check(): Promise<void> {
    const content = ++this.#sent;
    await reply(this.#sender, "room_message", { room_id: "lobby", content });
    const { data } = await this.#receiver.take("room_message");
    assert.equal(Object(data).content, content);
  }

  [Symbol.dispose](): void {
    this.#sender[Symbol.dispose]();
    this.#receiver[Symbol.dispose]();
  }
}
