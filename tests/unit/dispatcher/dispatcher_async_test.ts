import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import type { MessageContext, Reply } from "../../../src/dispatcher/mod.ts";
import { HubError } from "../../../src/errors.ts";
import { settle } from "../../fakes/settle.ts";
import { type TestClient, TestHub } from "../../fakes/test_hub.ts";

type Result = Reply | undefined | void;

/** One call of the handler for `slow`, which ends when the test says so. */
interface Call {
  readonly context: MessageContext;
  readonly data: unknown;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** A hub whose handler for `slow` takes as long as the test wants. */
class SlowHub extends TestHub {
  readonly calls: Call[] = [];

  constructor() {
    super();
    this.handlerTimeoutMs = 1_000;
    this.dispatcher.handle("slow", z.unknown(), (context, data) => {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      this.calls.push({ context, data, resolve, reject });
      return promise;
    });
  }

  /** The call of a number, which must have been made. */
  call(n: number): Call {
    return this.calls[n] ?? assert.fail(`no call ${n}`);
  }

  /** Lets promises settle and ends the tick. */
  async settle(): Promise<void> {
    await settle();
    this.clock.tick();
  }
}

function slow(id: number): string {
  return `{"message_id":${id},"message_type":"slow","data":${id}}`;
}

/** Types and request ids of what a client got. */
function answersOf({ conn }: TestClient): string[] {
  return conn.messages.map((it) => `${it["message_type"]} ${it["request_id"]}`);
}

test("dispatch() sends an asynchronous reply when it comes", async () => {
  const hub = new SlowHub();
  const ann = hub.connect("ann");
  hub.send(ann, slow(1));
  await hub.settle();
  assert.deepEqual(answersOf(ann), []);
  hub.call(0).resolve({ type: "done", data: null });
  await hub.settle();
  assert.deepEqual(answersOf(ann), ["done 1"]);
  assert.equal(hub.clock.pendingTimers, 1); // the wheel's: the timeout is gone
});

test("dispatch() handles messages of one connection in turn, synchronous ones too", async () => {
  const hub = new SlowHub();
  const ann = hub.connect("ann");
  hub.send(ann, slow(1));
  hub.send(ann, '{"message_id":2,"message_type":"ping"}');
  hub.send(ann, slow(3));
  hub.send(ann, '{"message_id":4,"message_type":"ping"}');
  await hub.settle();
  assert.equal(hub.calls.length, 1);
  assert.deepEqual(answersOf(ann), []);
  hub.call(0).resolve({ type: "done", data: null });
  await hub.settle();
  assert.deepEqual(answersOf(ann), ["done 1", "pong 2"]);
  hub.call(1).resolve({ type: "done", data: null });
  await hub.settle();
  assert.deepEqual(answersOf(ann), ["done 1", "pong 2", "done 3", "pong 4"]);
  hub.send(ann, '{"message_id":5,"message_type":"ping"}');
  assert.equal(answersOf(ann).at(-1), "pong 5");
});

test("dispatch() lets no other connection wait, the same client's neither", async () => {
  const hub = new SlowHub();
  const tabs = [hub.connect("ann"), hub.connect("ann"), hub.connect("bob")];
  const [first, ...others] = tabs;
  assert.ok(first);
  hub.send(first, slow(1));
  for (const other of others) {
    hub.send(other, '{"message_id":9,"message_type":"ping"}');
    assert.deepEqual(answersOf(other), ["pong 9"]);
  }
  await hub.settle();
  assert.deepEqual(answersOf(first), []);
});

test("dispatch() gives up a handler that takes too long with 1004, tells it so, and goes on with the next message", async () => {
  const hub = new SlowHub();
  const ann = hub.connect("ann");
  hub.send(ann, slow(1));
  hub.send(ann, '{"message_id":2,"message_type":"ping"}');
  const { signal } = hub.call(0).context;
  hub.clock.advance(999);
  await hub.settle();
  assert.equal(signal.aborted, false);
  assert.deepEqual(answersOf(ann), []);
  hub.clock.advance(1);
  await hub.settle();
  assert.equal(signal.aborted, true);
  assert.deepEqual(ann.conn.messages[0], {
    message_id: 0,
    message_type: "error",
    request_id: 1,
    data: { code: 1004, message: "timeout", request_id: 1 },
  });
  assert.deepEqual(answersOf(ann), ["error 1", "pong 2"]);
  // What it returns later is nobody's answer any more.
  hub.call(0).resolve({ type: "done", data: null });
  await hub.settle();
  assert.deepEqual(answersOf(ann), ["error 1", "pong 2"]);
});

test("Context.signal asked for after the timeout is aborted already", async () => {
  const hub = new SlowHub();
  hub.send(hub.connect("ann"), slow(1));
  hub.clock.advance(1_000);
  await hub.settle();
  assert.equal(hub.call(0).context.signal.aborted, true);
});

test("dispatch() leaves no rejection unhandled of a handler that fails after its timeout", async () => {
  const hub = new SlowHub();
  const ann = hub.connect("ann");
  hub.send(ann, slow(1));
  hub.clock.advance(1_000);
  await hub.settle();
  hub.call(0).reject(new Error("late"));
  await hub.settle();
  // An unhandled rejection fails the run by itself, on both runtimes.
  assert.deepEqual(answersOf(ann), ["error 1"]);
  assert.equal(hub.hub.counters.handlerFailures, 0);
});

test("dispatch() answers an asynchronous failure with 1003, logs and counts it, and lives on", async () => {
  const hub = new SlowHub();
  const ann = hub.connect("ann");
  hub.send(ann, slow(1));
  hub.send(ann, '{"message_id":2,"message_type":"ping"}');
  hub.call(0).reject(new Error("secret"));
  await hub.settle();
  assert.deepEqual(ann.conn.messages[0], {
    message_id: 0,
    message_type: "error",
    request_id: 1,
    data: { code: 1003, message: "server error", request_id: 1 },
  });
  assert.deepEqual(answersOf(ann), ["error 1", "pong 2"]);
  assert.equal(hub.hub.counters.handlerFailures, 1);
  assert.deepEqual(hub.logger.of("error").map(({ text }) => text), [
    "handler failed",
  ]);
});

test("dispatch() answers a HubError of an asynchronous handler as it is", async () => {
  const hub = new SlowHub();
  const ann = hub.connect("ann");
  hub.send(ann, slow(1));
  hub.call(0).reject(new HubError("CLIENT_OFFLINE", { a: 1 }));
  await hub.settle();
  assert.deepEqual(ann.conn.messages[0]?.["data"], {
    code: 4001,
    message: "client offline",
    request_id: 1,
    details: { a: 1 },
  });
});

test("dispatch() answers with 1003 where an asynchronous reply cannot be written down", async () => {
  const hub = new SlowHub();
  const ann = hub.connect("ann");
  hub.send(ann, slow(1));
  hub.call(0).resolve({ type: "done", data: 1n });
  await hub.settle();
  assert.deepEqual(answersOf(ann), ["error 1"]);
  assert.equal(hub.hub.counters.handlerFailures, 1);
});

test("dispatch() neither answers a connection that closed while its handler worked, nor handles what it had sent", async () => {
  const hub = new SlowHub();
  const ann = hub.connect("ann");
  hub.send(ann, slow(1));
  hub.send(ann, slow(2));
  ann.connection.closed(1006, "");
  hub.call(0).resolve({ type: "done", data: null });
  await hub.settle();
  assert.deepEqual(answersOf(ann), []);
  assert.equal(hub.calls.length, 1);
});

test("dispatch() lets no late handler put a connection that has gone into a room", async () => {
  const hub = new SlowHub();
  const ann = hub.connect("ann");
  hub.dispatcher.handle("late_join", z.unknown(), async ({ connection }) => {
    await settle();
    hub.hub.join(connection, "lobby");
  });
  hub.send(ann, '{"message_type":"late_join"}');
  ann.connection.closed(1006, "");
  await settle();
  await hub.settle();
  assert.equal(hub.hub.rooms.get("lobby").memberCount, 0);
  assert.equal(hub.hub.counters.handlerFailures, 0);
});

test("dispatch() waits for an asynchronous schema, and answers its problems with 1001", async () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  const schema = z.number().refine(
    (n) => Promise.resolve(n > 0),
    "must be positive",
  );
  test.dispatcher.handle(
    "mine",
    {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value) => schema["~standard"].validate(value),
      },
    },
    (_context, data) => ({ type: "done", data }),
  );
  test.send(ann, '{"message_id":1,"message_type":"mine","data":5}');
  test.send(ann, '{"message_id":2,"message_type":"mine","data":-5}');
  await settle();
  test.clock.tick();
  assert.deepEqual(ann.conn.messages.map(({ data }) => data), [5, {
    code: 1001,
    message: "invalid format",
    request_id: 2,
    details: [{ field: "", problem: "must be positive" }],
  }]);
  assert.equal(test.hub.counters.invalidMessages, 1);
});

test("dispatch() gives up a schema that never answers at the timeout too", async () => {
  const hub = new SlowHub();
  const ann = hub.connect("ann");
  hub.dispatcher.handle("mine", {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: () => new Promise<never>(() => {}),
    },
  }, () => undefined);
  hub.send(ann, '{"message_id":1,"message_type":"mine"}');
  hub.clock.advance(1_000);
  await hub.settle();
  assert.deepEqual(answersOf(ann), ["error 1"]);
});

test("dispatch() waits for anything with a then, which may fail in its own ways", async () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  const thenables = [
    {
      then: (resolve: (reply: Reply) => void) =>
        resolve({ type: "done", data: 1 }),
    },
    {
      then: () => {
        throw new Error("broken");
      },
    },
    {
      get then(): never {
        throw new Error("broken");
      },
    },
  ];
  test.dispatcher.handle(
    "mine",
    z.int(),
    // deno-lint-ignore no-explicit-any -- what a handler in plain JavaScript may return
    (_context, n): any => thenables[n],
  );
  for (const n of [0, 1, 2]) {
    test.send(ann, `{"message_id":${n},"message_type":"mine","data":${n}}`);
  }
  await settle();
  test.clock.tick();
  assert.deepEqual(answersOf(ann), ["done 0", "error 1", "error 2"]);
  assert.equal(test.hub.counters.handlerFailures, 2);
});
