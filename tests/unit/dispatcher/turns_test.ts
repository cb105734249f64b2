import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "../../../src/dispatcher/turns.ts";
import { CLOSES } from "../../../src/errors.ts";
import { HUBBUB_V1_JSON } from "../../../src/protocol/dialects.ts";
import { settle } from "../../fakes/settle.ts";
import { type TestClient, TestHub } from "../../fakes/test_hub.ts";

/** What a waiting message counts for besides its length. */
const OVERHEAD_BYTES = 128;

/** Turns whose dispatch of every message ends when the test says so. */
class Stage {
  readonly test = new TestHub();
  /** Texts dispatched so far. */
  readonly seen: string[] = [];
  readonly turns: Turns;
  #finish: (() => void)[] = [];

  constructor(waitingBytes: number) {
    const decoder = new TextDecoder();
    this.turns = new Turns({
      dispatch: (_connection, message) => {
        this.seen.push(
          typeof message === "string" ? message : decoder.decode(message),
        );
        return new Promise((resolve) => this.#finish.push(resolve));
      },
      waitingBytes: () => waitingBytes,
    });
  }

  connect(): TestClient {
    return this.test.connect("ann", { dialect: HUBBUB_V1_JSON });
  }

  /** Ends what is under way, and lets the next message begin. */
  async finish(): Promise<void> {
    const finish = this.#finish;
    this.#finish = [];
    for (const run of finish) run();
    await settle();
  }
}

test("Turns keeps the order of messages across frames, text and bytes", async () => {
  const stage = new Stage(10_000);
  const { connection } = stage.connect();
  stage.turns.receive(connection, "1\n2");
  stage.turns.receive(connection, new TextEncoder().encode("3\n4"));
  stage.turns.receive(connection, "5");
  for (let n = 1; n <= 5; n++) {
    assert.equal(stage.seen.length, n);
    await stage.finish();
  }
  assert.deepEqual(stage.seen, ["1", "2", "3", "4", "5"]);
});

test("Turns keeps bytes that the transport reuses", async () => {
  const stage = new Stage(10_000);
  const { connection } = stage.connect();
  const bytes = new TextEncoder().encode("1\n2");
  stage.turns.receive(connection, bytes);
  bytes.fill(0x58);
  stage.turns.receive(connection, bytes.subarray(0, 1));
  bytes.fill(0x59);
  for (let i = 0; i < 3; i++) await stage.finish();
  assert.deepEqual(stage.seen, ["1", "2", "X"]);
});

test("Turns pauses a socket beyond half the limit, and reads it again when all are handled", async () => {
  const stage = new Stage(4 * (OVERHEAD_BYTES + 1));
  const { connection, conn } = stage.test.connect("ann");
  for (const message of ["1", "2", "3"]) {
    stage.turns.receive(connection, message);
  }
  assert.equal(conn.isReading, true);
  stage.turns.receive(connection, "4");
  assert.equal(conn.isReading, false);
  for (let i = 0; i < 3; i++) {
    await stage.finish();
    assert.equal(conn.isReading, false);
  }
  await stage.finish();
  assert.equal(conn.isReading, true);
  assert.deepEqual(stage.seen, ["1", "2", "3", "4"]);
});

test("Turns closes with 4004 beyond the limit, and handles nothing more", async () => {
  const stage = new Stage(4 * (OVERHEAD_BYTES + 1));
  const { connection, conn } = stage.test.connect("ann");
  for (const message of ["1", "2", "3", "4", "5"]) {
    stage.turns.receive(connection, message);
  }
  assert.equal(connection.isListening, true);
  stage.turns.receive(connection, "6");
  stage.test.clock.tick();
  assert.deepEqual(conn.closedWith, { code: 4004, reason: "rate limited" });
  await stage.finish();
  assert.deepEqual(stage.seen, ["1"]);
});

test("Turns counts the small messages of a frame for what they take in memory", () => {
  const stage = new Stage(100 * (OVERHEAD_BYTES + 1));
  const { connection } = stage.connect();
  stage.turns.receive(connection, "0");
  stage.turns.receive(connection, "1\n".repeat(100));
  assert.equal(connection.isListening, true);
  stage.turns.receive(connection, "1\n");
  assert.equal(connection.isListening, false);
});

test("Turns stops in the middle of a frame at a connection that is about to be closed", () => {
  const test = new TestHub();
  const { connection } = test.connect("ann", { dialect: HUBBUB_V1_JSON });
  const seen: unknown[] = [];
  const turns = new Turns({
    dispatch: (_connection, message) => {
      seen.push(message);
      if (message === "2") connection.closeSoon(CLOSES.BAD_PROTOCOL);
      return undefined;
    },
    waitingBytes: () => 10_000,
  });
  turns.receive(connection, "1\n2\n3");
  assert.deepEqual(seen, ["1", "2"]);
});

test("Turns forgets what waits of a connection that has gone", async () => {
  const stage = new Stage(10_000);
  const { connection } = stage.connect();
  stage.turns.receive(connection, "1\n2\n3");
  await stage.finish();
  connection.closed(1006, "");
  await stage.finish();
  await stage.finish();
  assert.deepEqual(stage.seen, ["1", "2"]);
});

test("Turns lets no frame join a room after a message of it has ended the connection", () => {
  // The replies to the first message find the socket gone.
  const test = new TestHub({ queueBytes: 10 });
  const ann = test.connect("ann", { dialect: HUBBUB_V1_JSON });
  ann.conn.status = "closed";
  test.send(
    ann,
    '{"message_type":"ping"}\n{"message_type":"ping"}\n{"message_type":"join_room","data":{"room_id":"lobby"}}',
  );
  test.clock.tick();
  assert.equal(ann.connection.state, "closed");
  assert.equal(test.hub.rooms.count, 0);
});
