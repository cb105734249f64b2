import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { HubError } from "../../../src/errors.ts";
import type { Reply } from "../../../src/dispatcher/mod.ts";
import { HUBBUB_V1_JSON } from "../../../src/protocol/dialects.ts";
import { TestHub } from "../../fakes/test_hub.ts";

const anything = z.unknown();

/** A hub with a handler for `mine` and a client that may call it. */
function createHub(
  handler: () => Reply | undefined | void = () => undefined,
) {
  const test = new TestHub();
  test.dispatcher.handle("mine", anything, handler);
  return { test, ann: test.connect("ann") };
}

/** The frame of an error, without its timestamp. */
function errorFrame(data: Record<string, unknown>, requestId?: unknown) {
  return {
    message_id: 0,
    message_type: "error",
    ...(requestId !== undefined && { request_id: requestId }),
    data,
  };
}

test("handle() refuses a malformed type and one that is taken", () => {
  const { test } = createHub();
  for (const type of ["", "a b", "x".repeat(65), 'a"b']) {
    assert.throws(
      () => test.dispatcher.handle(type, anything, () => undefined),
      /^Error: Cannot register a handler: type must be 1 to 64 of/,
    );
  }
  assert.throws(
    () => test.dispatcher.handle("mine", anything, () => undefined),
    /^Error: Cannot register a handler for "mine": the type has one already$/,
  );
  assert.ok(test.dispatcher.types.includes("mine"));
});

test("dispatch() hands the handler what the schema made of the data, and the message's context", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  const seen: unknown[] = [];
  test.dispatcher.handle(
    "mine",
    z.object({ n: z.number().default(7) }),
    (context, data) => {
      seen.push(data, context.clientId, context.messageId);
      assert.equal(context.connection, ann.connection);
      assert.equal(context.signal.aborted, false);
    },
  );
  test.send(ann, '{"message_type":"mine","data":{"n":1,"x":2}}');
  test.send(ann, '{"message_type":"mine","message_id":"m"}');
  assert.deepEqual(seen, [{ n: 1 }, "ann", undefined, { n: 7 }, "ann", "m"]);
});

test("dispatch() sends the reply with the request's id, literally", () => {
  const { test, ann } = createHub(() => ({ type: "done", data: { a: 1 } }));
  test.send(ann, '{"message_type":"mine","message_id":7}');
  test.send(ann, '{"message_type":"mine"}');
  const timestamp = test.clock.wallMs();
  assert.deepEqual(ann.conn.texts, [
    `{"message_id":0,"message_type":"done","request_id":7,"data":{"a":1},"timestamp":${timestamp}}`,
    `{"message_id":0,"message_type":"done","data":{"a":1},"timestamp":${timestamp}}`,
  ]);
});

test("dispatch() sends nothing for a handler that returns nothing", () => {
  const { test, ann } = createHub();
  test.send(ann, '{"message_type":"mine","message_id":7}');
  assert.deepEqual(ann.conn.texts, []);
});

test("dispatch() answers what cannot be read with 1001, literally", () => {
  const { test, ann } = createHub();
  test.send(ann, "{");
  test.send(ann, '{"message_id":"m","message_type":"a b"}');
  const timestamp = test.clock.wallMs();
  assert.deepEqual(ann.conn.texts, [
    `{"message_id":0,"message_type":"error","data":{"code":1001,"message":"invalid format","details":"a message must be valid JSON in UTF-8"},"timestamp":${timestamp}}`,
    `{"message_id":0,"message_type":"error","request_id":"m","data":{"code":1001,"message":"invalid format","request_id":"m","details":"message_type must be a string of 1 to 64 of [A-Za-z0-9_.:-]"},"timestamp":${timestamp}}`,
  ]);
  assert.equal(test.hub.counters.invalidMessages, 2);
  assert.equal(test.hub.counters.errors.of(1001).count, 2);
});

test("dispatch() answers a malformed message_id with 1002", () => {
  const { test, ann } = createHub();
  test.send(ann, '{"message_id":-1,"message_type":"mine"}');
  const [error] = ann.conn.messages;
  assert.deepEqual(
    error,
    errorFrame({
      code: 1002,
      message: "invalid message id",
      details:
        "message_id must be an integer from 0 to 2^53-1 or a string of 1 to 64 characters",
    }),
  );
});

test("dispatch() answers an unknown type with 1006, and does not count it as unreadable", () => {
  const { test, ann } = createHub();
  for (const type of ["none", "authenticate", "__proto__", "constructor"]) {
    test.send(ann, `{"message_id":3,"message_type":"${type}"}`);
  }
  const error = errorFrame(
    { code: 1006, message: "unknown message type", request_id: 3 },
    3,
  );
  assert.deepEqual(ann.conn.messages, [error, error, error, error]);
  assert.equal(test.hub.counters.invalidMessages, 0);
  assert.equal(test.hub.counters.messagesIn.rest.count, 4);
});

test("dispatch() answers data that does not fit with 1001 and says where, five problems at most", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  const field = z.number({ error: "must be a number" });
  test.dispatcher.handle(
    "mine",
    z.object({
      a: z.object({ b: z.array(field) }),
      c: field,
      d: field,
      e: field,
      f: field,
      g: field,
    }),
    () => undefined,
  );
  test.send(
    ann,
    '{"message_id":1,"message_type":"mine","data":{"a":{"b":[1,"x"]}}}',
  );
  const problem = "must be a number";
  assert.deepEqual(ann.conn.messages, [
    errorFrame({
      code: 1001,
      message: "invalid format",
      request_id: 1,
      details: ["a.b.1", "c", "d", "e", "f"].map((field) => ({
        field,
        problem,
      })),
    }, 1),
  ]);
  assert.equal(test.hub.counters.invalidMessages, 1);
  assert.equal(ann.connection.state, "open");
});

test("dispatch() answers data of a wrong type with 1001, whatever it is", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  test.dispatcher.handle("mine", z.object({}), () => assert.fail());
  for (const data of ["null", "1", '"x"', "[]", "true"]) {
    test.send(ann, `{"message_type":"mine","data":${data}}`);
  }
  assert.deepEqual(
    ann.conn.messages.map(({ data }) => JSON.stringify(data).slice(0, 12)),
    new Array(5).fill('{"code":1001'),
  );
});

test("dispatch() answers who lacks the permission with 2001, before it looks at the data", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  let calls = 0;
  test.dispatcher.handle("mine", z.object({}), () => {
    calls++;
  }, { permission: "do:mine" });
  test.send(ann, '{"message_id":1,"message_type":"mine","data":7}');
  assert.deepEqual(ann.conn.messages, [
    errorFrame({
      code: 2001,
      message: "forbidden",
      request_id: 1,
      details: { permission: "do:mine" },
    }, 1),
  ]);
  test.hub.configure({
    ...test.hub.settings,
    anonymousPermissions: new Set(["do:mine"]),
  });
  test.send(ann, '{"message_type":"mine"}');
  assert.equal(calls, 1);
});

test("dispatch() answers beyond the rate with 1005, unknown types included, and handles nothing", () => {
  const test = new TestHub({ messagesPerSecond: 2 });
  const ann = test.connect("ann");
  let calls = 0;
  test.dispatcher.handle("mine", anything, () => {
    calls++;
  });
  test.send(ann, '{"message_type":"none"}');
  test.send(ann, '{"message_type":"mine"}');
  test.send(ann, '{"message_id":1,"message_type":"mine"}');
  test.send(ann, '{"message_type":"none"}');
  assert.equal(calls, 1);
  const codes = ann.conn.messages.map(({ data }) =>
    JSON.stringify(data).slice(8, 12)
  );
  assert.deepEqual(codes, ["1006", "1005", "1005"]);
  test.clock.advance(500);
  test.send(ann, '{"message_type":"mine"}');
  assert.equal(calls, 2);
});

test("dispatch() answers a HubError that a handler throws as it is, details and all", () => {
  const { test, ann } = createHub(() => {
    throw new HubError("ROOM_FULL", { max_clients: 3 }, {
      cause: new Error("secret"),
    });
  });
  test.send(ann, '{"message_id":1,"message_type":"mine"}');
  assert.deepEqual(ann.conn.messages, [
    errorFrame({
      code: 3002,
      message: "room is full",
      request_id: 1,
      details: { max_clients: 3 },
    }, 1),
  ]);
  assert.equal(test.hub.counters.handlerFailures, 0);
  assert.deepEqual(test.logger.of("error"), []);
});

test("dispatch() answers anything else that a handler throws with 1003, logs and counts it, and lives on", () => {
  for (const thrown of [new Error("secret"), "secret", undefined, null, 7]) {
    let isBroken = true;
    const { test, ann } = createHub(() => {
      if (isBroken) throw thrown;
      return { type: "done", data: null };
    });
    test.send(ann, '{"message_id":1,"message_type":"mine"}');
    isBroken = false;
    test.send(ann, '{"message_id":2,"message_type":"mine"}');
    assert.deepEqual(ann.conn.messages, [
      errorFrame({ code: 1003, message: "server error", request_id: 1 }, 1),
      { message_id: 0, message_type: "done", request_id: 2, data: null },
    ]);
    assert.equal(test.hub.counters.handlerFailures, 1);
    assert.equal(test.hub.counters.errors.of(1003).count, 1);
    assert.deepEqual(test.logger.of("error"), [{
      level: "error",
      text: "handler failed",
      fields: {
        err: thrown,
        message_type: "mine",
        connection_id: ann.connection.id,
        client_id: "ann",
      },
    }]);
  }
});

test("dispatch() answers with 1003 where the schema itself throws", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  test.dispatcher.handle("mine", {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: () => {
        throw new Error("broken");
      },
    },
  }, () => undefined);
  test.send(ann, '{"message_type":"mine"}');
  assert.deepEqual(ann.conn.messages, [
    errorFrame({ code: 1003, message: "server error" }),
  ]);
});

test("dispatch() answers with 1003 where a reply cannot be written down, and counts no such reply", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  for (const data of [{ n: 1n }, circle]) {
    const { test, ann } = createHub(() => ({ type: "done", data }));
    test.send(ann, '{"message_id":1,"message_type":"mine"}');
    assert.deepEqual(ann.conn.messages, [
      errorFrame({ code: 1003, message: "server error", request_id: 1 }, 1),
    ]);
    const { counters } = test.hub;
    assert.equal(counters.messagesOut.of("done").count, 0);
    assert.equal(counters.messagesOut.of("error").count, 1);
    assert.equal(test.logger.of("error").length, 1);
  }
});

test("dispatch() leaves out details that cannot be written down", () => {
  const { test, ann } = createHub(() => {
    throw new HubError("ROOM_FULL", { n: 1n });
  });
  test.send(ann, '{"message_id":1,"message_type":"mine"}');
  assert.deepEqual(ann.conn.messages, [
    errorFrame({ code: 3002, message: "room is full", request_id: 1 }, 1),
  ]);
  assert.equal(test.logger.of("error").length, 1);
  assert.equal(test.hub.counters.messagesOut.of("error").count, 1);
});

test("dispatch() counts messages by type where somebody handles it", () => {
  const { test, ann } = createHub();
  test.send(ann, '{"message_type":"mine"}');
  test.send(ann, '{"message_type":"mine"}');
  test.send(ann, '{"message_type":"none"}');
  test.send(ann, "{");
  const { messagesIn } = test.hub.counters;
  assert.equal(messagesIn.of("mine").count, 2);
  assert.equal(messagesIn.rest.count, 1);
});

test("dispatch() answers nobody whose handler has just closed the connection", () => {
  const test = new TestHub();
  const ann = test.connect("ann");
  test.dispatcher.handle("mine", anything, ({ connection }) => {
    connection.close({ code: 1000, reason: "normal" });
    return { type: "done", data: null };
  });
  test.send(ann, '{"message_id":1,"message_type":"mine"}');
  assert.deepEqual(ann.conn.texts, []);
  assert.equal(ann.conn.closedWith?.code, 1000);
});

test("dispatch() handles several messages of one frame in order, as text and as bytes", () => {
  const test = new TestHub();
  const ann = test.connect("ann", { dialect: HUBBUB_V1_JSON });
  const seen: unknown[] = [];
  test.dispatcher.handle("mine", anything, (_context, data) => {
    seen.push(data);
  });
  const frame =
    '{"message_type":"mine","data":1}\n{\n{"message_type":"mine","data":"é"}\n';
  test.send(ann, frame);
  const bytes = new TextEncoder().encode(frame);
  ann.connection.receive(bytes, bytes.length);
  test.clock.tick();
  assert.deepEqual(seen, [1, "é", 1, "é"]);
  assert.deepEqual(ann.conn.types, ["error", "error"]);
});

test("dispatch() takes a plain client's frame as one message", () => {
  const { test, ann } = createHub(() => ({ type: "done", data: null }));
  test.send(ann, '{"message_type":"mine"}\n{"message_type":"mine"}');
  assert.deepEqual(ann.conn.types, ["error"]);
  const bytes = new TextEncoder().encode('{"message_type":"mine"}');
  ann.connection.receive(bytes, bytes.length);
  test.clock.tick();
  assert.deepEqual(ann.conn.types, ["error", "done"]);
});
