import assert from "node:assert/strict";
import { test } from "node:test";
import { HubError } from "../../../../src/errors.ts";
import { assertError, TestApi } from "../../../fakes/test_api.ts";

const CONTENTS: readonly unknown[] = [
  "text",
  "",
  null,
  0,
  false,
  { text: "hello" },
  [1, [2]],
  "\u0000\u2028💬",
];

for (const content of CONTENTS) {
  test(`POST /api/broadcast passes ${JSON.stringify(content)} on as it is`, async () => {
    const api = new TestApi();
    const reply = await api.call("POST", "/api/broadcast", {
      json: { message: content },
    });
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.json, { status: "broadcast initiated" });
    assert.deepEqual(api.hub.argsOf("broadcast"), [content, { raw: true }]);
  });
}

test("POST /api/broadcast needs a message", async () => {
  const api = new TestApi();
  const reply = await api.call("POST", "/api/broadcast", { json: {} });
  assert.deepEqual(assertError(reply, { status: 400, code: 1001 }), [
    { in: "body", field: "message", problem: "Required" },
  ]);
  assert.deepEqual(api.hub.calls, []);
});

test("POST /api/broadcast answers 413 for what the hub finds too large", async () => {
  const api = new TestApi();
  api.hub.failure = {
    thrown: new HubError("MESSAGE_TOO_LARGE", { max_bytes: 10 }),
  };
  const reply = await api.call("POST", "/api/broadcast", {
    json: { message: "0123456789a" },
  });
  assert.deepEqual(assertError(reply, { status: 413, code: 4002 }), {
    max_bytes: 10,
  });
});

test("POST /api/rooms/{id}/messages publishes and says to how many", async () => {
  const api = new TestApi();
  api.hub.addRoom("chat:lobby");
  api.hub.delivered = 42;
  const reply = await api.call("POST", "/api/rooms/chat:lobby/messages", {
    json: { content: { text: "hi" } },
  });
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.json, { status: "message sent", delivered: 42 });
  assert.deepEqual(api.hub.argsOf("publish"), [
    "chat:lobby",
    { text: "hi" },
    { senderId: "server" },
  ]);
});

test("POST /api/users/{id}/messages sends to the user", async () => {
  const api = new TestApi();
  api.hub.addClient("alice@example.org");
  api.hub.delivered = 2;
  const reply = await api.call(
    "POST",
    "/api/users/alice%40example.org/messages",
    { json: { content: null, sender_id: "billing" } },
  );
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.json, { status: "message sent", delivered: 2 });
  assert.deepEqual(api.hub.argsOf("sendToUser"), [
    "alice@example.org",
    null,
    { senderId: "billing" },
  ]);
});

test("POST /api/users/{id}/messages is 404 for who is not connected", async () => {
  const api = new TestApi();
  const reply = await api.call("POST", "/api/users/nobody/messages", {
    json: { content: 1 },
  });
  assertError(reply, { status: 404, code: 4000 });
});

for (
  const [field, json] of [
    ["content", {}],
    ["content", { sender_id: "a" }],
    ["sender_id", { content: 1, sender_id: "" }],
    ["sender_id", { content: 1, sender_id: 5 }],
    ["sender_id", { content: 1, sender_id: "x".repeat(129) }],
    ["", { content: 1, senderId: "a" }],
  ] as const
) {
  test(`messages to rooms and users refuse ${JSON.stringify(json).slice(0, 40)}`, async () => {
    const api = new TestApi();
    for (const path of ["/api/rooms/r/messages", "/api/users/u/messages"]) {
      const reply = await api.call("POST", path, { json });
      const details = assertError(reply, { status: 400, code: 1001 });
      assert.equal(Object(details)[0].field, field);
    }
    assert.deepEqual(api.hub.calls, []);
  });
}

test("content with the names of an object's own workings is passed on and changes nothing", async () => {
  const api = new TestApi();
  const text = '{"message":{"__proto__":{"polluted":1},' +
    '"constructor":{"prototype":{"polluted":1}}}}';
  const reply = await api.call("POST", "/api/broadcast", {
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(text),
  });
  assert.equal(reply.status, 200);
  assert.equal(Object({}).polluted, undefined);
  const [content] = api.hub.argsOf("broadcast");
  assert.equal(`{"message":${JSON.stringify(content)}}`, text);
});

test("an unknown field named __proto__ is refused like any other", async () => {
  const api = new TestApi();
  const reply = await api.call("POST", "/api/broadcast", {
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode('{"message":1,"__proto__":{"raw":false}}'),
  });
  assertError(reply, { status: 400, code: 1001 });
  assert.deepEqual(api.hub.calls, []);
});

for (const [open, close] of [["[", "]"], ['{"a":', "}"]] as const) {
  test(`content nested as deep as a body allows with ${open} is no more than content`, async () => {
    const api = new TestApi();
    api.settings = { ...api.settings, maxBodyBytes: 1_048_576 };
    const depth = Math.floor(1_000_000 / (open.length + close.length));
    const text = `{"message":${open.repeat(depth)}1${close.repeat(depth)}}`;
    const reply = await api.call("POST", "/api/broadcast", {
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode(text),
    });
    assert.equal(reply.status, 200);
  });
}

test("numbers beyond what a double holds do no harm", async () => {
  const api = new TestApi();
  const reply = await api.call("POST", "/api/broadcast", {
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(
      `{"message":[1e999,-1e999,${"9".repeat(5_000)},1e-999]}`,
    ),
  });
  assert.equal(reply.status, 200);
});
