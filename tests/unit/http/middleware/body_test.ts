import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../../../fakes/until.ts";
import {
  assertError,
  type CallOptions,
  type Reply,
  TestApi,
} from "../../../fakes/test_api.ts";

const JSON_TYPE = { "content-type": "application/json" };

function apiWithLimit(maxBodyBytes: number): TestApi {
  const api = new TestApi();
  api.settings = { ...api.settings, maxBodyBytes };
  return api;
}

/** A valid broadcast of so many bytes. */
function bodyOf(size: number): Uint8Array<ArrayBuffer> {
  const empty = '{"message":""}';
  return new TextEncoder().encode(
    `{"message":"${"x".repeat(size - empty.length)}"}`,
  );
}

function send(api: TestApi, options: CallOptions): Promise<Reply> {
  return api.call("POST", "/api/broadcast", {
    ...options,
    headers: { ...JSON_TYPE, ...options.headers },
  });
}

/** Sends the chunks one by one; `canceled` tells whether the reader gave up on it. */
function chunked(chunks: readonly Uint8Array[]): {
  readonly body: ReadableStream<Uint8Array>;
  readonly seen: { pulled: number; canceled: boolean };
} {
  const seen = { pulled: 0, canceled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks[seen.pulled++];
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
    cancel() {
      seen.canceled = true;
    },
  }, { highWaterMark: 0 });
  return { body, seen };
}

test("takeBody() takes a body of just the limit, and not a byte more", async () => {
  const api = apiWithLimit(100);
  assert.equal((await send(api, { body: bodyOf(100) })).status, 200);
  const reply = await send(api, { body: bodyOf(101) });
  assert.deepEqual(assertError(reply, { status: 413, code: 4002 }), {
    max_bytes: 100,
  });
});

test("takeBody() follows the limit as it changes", async () => {
  const api = apiWithLimit(100);
  api.settings = { ...api.settings, maxBodyBytes: 50 };
  assertError(await send(api, { body: bodyOf(51) }), {
    status: 413,
    code: 4002,
  });
});

test("takeBody() puts a body together from chunks split anywhere", async () => {
  const api = apiWithLimit(100);
  const bytes = new TextEncoder().encode('{"message":"ä💬"}');
  const chunks = [...bytes].map((byte) => new Uint8Array([byte]));
  const { body } = chunked(chunks);
  assert.equal((await send(api, { body })).status, 200);
  assert.deepEqual(api.hub.argsOf("broadcast")[0], "ä💬");
});

test("takeBody() stops reading chunks once they are too many", async () => {
  const api = apiWithLimit(100);
  const { body, seen } = chunked(
    Array.from({ length: 1_000 }, () => new Uint8Array(64)),
  );
  assertError(await send(api, { body }), { status: 413, code: 4002 });
  await until(() => seen.canceled);
  assert.ok(seen.pulled <= 3, String(seen.pulled));
});

test("takeBody() believes no content-length that is too small", async () => {
  const api = apiWithLimit(100);
  for (const length of ["1", "0", "-5", "many", ""]) {
    const { body } = chunked([bodyOf(101)]);
    const reply = await send(api, {
      body,
      headers: { "content-length": length },
    });
    assertError(reply, { status: 413, code: 4002 });
  }
});

test("takeBody() refuses by content-length before a byte is read", async () => {
  const api = apiWithLimit(100);
  const { body, seen } = chunked([bodyOf(20)]);
  const reply = await send(api, {
    body,
    headers: { "content-length": "101" },
  });
  assertError(reply, { status: 413, code: 4002 });
  assert.equal(seen.pulled, 0);
});

test("takeBody() gives a body that never ends 10 s", async () => {
  const api = apiWithLimit(100);
  await api.document();
  let isCanceled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array([123])),
    cancel: () => {
      isCanceled = true;
    },
  });
  const reply = send(api, { body });
  await until(() => api.clock.pendingTimers === 1);
  api.clock.advance(9_999);
  await Promise.resolve();
  assert.equal(isCanceled, false);
  api.clock.advance(1);
  assertError(await reply, { status: 408, code: 1004 });
  assert.deepEqual(api.logger.of("error"), []);
  await until(() => isCanceled);
  assert.equal(api.clock.pendingTimers, 0);
});

test("takeBody() leaves no timer behind", async () => {
  const api = apiWithLimit(100);
  await send(api, { body: bodyOf(50) });
  await send(api, { body: bodyOf(101) });
  assert.equal(api.clock.pendingTimers, 0);
});

test("takeBody() answers a body that breaks off without calling it our failure", async () => {
  const api = apiWithLimit(100);
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(new Error("connection reset by 192.0.2.1"));
    },
  });
  const reply = await send(api, { body });
  assertError(reply, { status: 400, code: 1001 });
  assert.ok(!reply.text.includes("reset"));
  assert.deepEqual(api.logger.of("error"), []);
});

for (
  const [name, bytes] of [
    ["a lone continuation byte", [0x80]],
    ["a cut sequence", [0xc3]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
  ] as const
) {
  test(`takeBody() refuses ${name} as no UTF-8`, async () => {
    const api = apiWithLimit(100);
    const [before, after] = ['{"message":"', '"}'].map((text) =>
      new TextEncoder().encode(text)
    );
    const body = new Uint8Array([...before ?? [], ...bytes, ...after ?? []]);
    assertError(await send(api, { body }), { status: 400, code: 1001 });
    assert.deepEqual(api.hub.calls, []);
  });
}

for (
  const text of [
    "",
    " ",
    "{",
    '{"message":1',
    '{"message":1}}',
    "{'message':1}",
    '{"message":NaN}',
    '{"message":01}',
    "undefined",
    '\u0000{"message":1}',
    '{"message":"\n"}',
  ]
) {
  test(`a body of ${JSON.stringify(text)} is malformed`, async () => {
    const api = apiWithLimit(100);
    const body = new TextEncoder().encode(text);
    assertError(await send(api, { body }), { status: 400, code: 1001 });
    assert.deepEqual(api.hub.calls, []);
  });
}

for (
  const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "json",
    "*/*",
  ]
) {
  test(`a body of type ${type} is refused by name`, async () => {
    const api = apiWithLimit(100);
    const reply = await send(api, {
      body: bodyOf(50),
      headers: { "content-type": type },
    });
    const details = assertError(reply, { status: 415, code: 1001 });
    assert.match(String(details), /application\/json/);
    assert.deepEqual(api.hub.calls, []);
  });
}

test("a body without a type is refused, no body at all is malformed", async () => {
  const api = apiWithLimit(100);
  const untyped = await api.call("POST", "/api/broadcast", {
    body: bodyOf(50),
  });
  assertError(untyped, { status: 415, code: 1001 });
  for (const body of [undefined, new Uint8Array()]) {
    const reply = await api.call(
      "POST",
      "/api/broadcast",
      body === undefined ? {} : { body },
    );
    assertError(reply, { status: 400, code: 1001 });
  }
});

test("a body with a charset beside its type is taken", async () => {
  const reply = await send(apiWithLimit(100), {
    body: bodyOf(50),
    headers: { "content-type": "application/json; charset=utf-8" },
  });
  assert.equal(reply.status, 200);
});
