import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorName, ERRORS } from "../../../src/errors.ts";
import { ApiDocument } from "../../fakes/api_document.ts";
import { HubClient, type Message } from "../../fakes/hub_client.ts";

/** Tests are told apart by it. */
export interface Target {
  readonly name: string;
  /** Where the hub is; asked in every test, so it may be started late. */
  baseUrl(): Promise<string>;
  /** What this way to run a hub cannot do, and why; tests of it are skipped. */
  readonly lacks?: Readonly<Partial<Record<Ability, string>>>;
}

/** What not every transport can do. */
export type Ability =
  | "close frame for broken frames"
  | "close frame for who sends on";

export const SUBPROTOCOL = "hubbub.v1.json";
const TEST_TIMEOUT_MS = 60_000;
/** Clocks of a test and a hub on one machine agree; this is for a slow one. */
const MAX_AGE_MS = 60_000;

/** What one test does to the hub, in one of the dialects. */
export class Scene implements Disposable {
  readonly baseUrl: string;
  readonly subprotocol: string | undefined;
  readonly #clients: HubClient[] = [];
  readonly #suffix = crypto.randomUUID().slice(0, 8);

  constructor(baseUrl: string, subprotocol: string | undefined) {
    this.baseUrl = baseUrl;
    this.subprotocol = subprotocol;
  }

  /** A name nobody else uses. */
  name(base: string): string {
    return `${base}-${this.#suffix}`;
  }

  /** Connects, with the greeting taken. */
  async connect(
    clientId?: string,
    subprotocol = this.subprotocol,
  ): Promise<HubClient> {
    const client = await HubClient.connect(this.baseUrl, {
      ...(clientId !== undefined && { clientId }),
      subprotocol,
    });
    this.#clients.push(client);
    if (subprotocol !== undefined) await client.take("welcome");
    return client;
  }

  /** Connects a client of this name and has it join a room. */
  async member(roomId: string, name: string): Promise<HubClient> {
    const client = await this.connect(this.name(name));
    await reply(client, "join_room", { room_id: roomId });
    return client;
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client[Symbol.dispose]();
  }
}

/** Registers a test for each dialect. */
export function testDialects(
  target: Target,
  title: string,
  run: (scene: Scene) => Promise<void>,
): void {
  for (const subprotocol of [undefined, SUBPROTOCOL]) {
    testTarget(
      target,
      `${title} (${subprotocol ?? "plain"})`,
      async (baseUrl) => {
        using scene = new Scene(baseUrl, subprotocol);
        await run(scene);
      },
    );
  }
}

/** Registers one test. */
export function testTarget(
  target: Target,
  title: string,
  run: (baseUrl: string) => Promise<void>,
): void {
  test(`${target.name} ${title}`, { timeout: TEST_TIMEOUT_MS }, async () => {
    await run(await target.baseUrl());
  });
}

/** Registers one test of what not every target can do. */
export function testAbility(
  target: Target,
  ability: Ability,
  options: {
    readonly title: string;
    readonly run: (baseUrl: string) => Promise<void>;
  },
): void {
  const { title, run } = options;
  const reason = target.lacks?.[ability];
  if (reason === undefined) testTarget(target, title, run);
  else test(`${target.name} ${title}: ${reason}`, { skip: reason }, () => {});
}

/** Takes whatever the clients have been told so far. */
export async function forget(...clients: HubClient[]): Promise<void> {
  for (const client of clients) await client.rest();
}

/** Fails where a client has been told anything. */
export async function assertSilence(...clients: HubClient[]): Promise<void> {
  for (const client of clients) assert.deepEqual(await client.rest(), []);
}

/** Sends a message and returns the `data` of its reply; fails where that is an error. */
export async function reply(
  client: HubClient,
  type: string,
  data?: unknown,
): Promise<unknown> {
  const message = await client.request(type, data);
  assert.notEqual(message.message_type, "error", JSON.stringify(message));
  return message.data;
}

/** Fails unless the message is exactly this, stamped with the time. */
export function assertMessage(
  message: Message,
  expected: {
    readonly type: string;
    readonly data: unknown;
    readonly requestId?: string | number;
  },
): void {
  const { type, data, requestId } = expected;
  const { timestamp, ...rest } = message;
  assertTimestamp(timestamp);
  assert.deepEqual(rest, {
    message_id: 0,
    message_type: type,
    ...(requestId !== undefined && { request_id: requestId }),
    data,
  });
}

/** Fails unless the message is exactly this `error`; returns its `details`. */
export function assertError(
  message: Message,
  kind: ErrorName,
  requestId?: string | number,
): unknown {
  const { details } = Object(message.data);
  const { code, text } = ERRORS[kind];
  const id = requestId === undefined ? {} : { request_id: requestId };
  assertMessage(message, {
    type: "error",
    data: {
      code,
      message: text,
      ...(details !== undefined && { details }),
      ...id,
    },
    ...(requestId !== undefined && { requestId }),
  });
  return details;
}

/** Sends a message and fails unless it is answered by this error; returns its `details`. */
export async function assertRefused(
  client: HubClient,
  kind: ErrorName,
  request: { readonly type: string; readonly data?: unknown },
): Promise<unknown> {
  const message = await client.request(request.type, request.data);
  return assertError(message, kind, Number(message.request_id));
}

/** Fails unless it is milliseconds since the epoch, and of late. */
export function assertTimestamp(value: unknown): void {
  assert.ok(Number.isSafeInteger(value), `no timestamp: ${value}`);
  const ageMs = Math.abs(Date.now() - Number(value));
  assert.ok(ageMs < MAX_AGE_MS, `${ageMs} ms from now: ${value}`);
}

export interface ApiReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the body is no JSON. */
  readonly json: unknown;
}

/** The HTTP API; every answer is held against the API's own document. */
export class Api {
  readonly #baseUrl: string;
  readonly #document: ApiDocument;

  static async open(baseUrl: string): Promise<Api> {
    const response = await fetch(`${baseUrl}/openapi.json`);
    return new Api(baseUrl, new ApiDocument(await response.json()));
  }

  constructor(baseUrl: string, document: ApiDocument) {
    this.#baseUrl = baseUrl;
    this.#document = document;
  }

  get document(): ApiDocument {
    return this.#document;
  }

  /** Calls a documented operation. */
  async call(method: string, path: string, json?: unknown): Promise<ApiReply> {
    const reply = await this.raw(method, path, {
      ...(json !== undefined && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(json),
      }),
    });
    this.#document.assertDocumented({
      method,
      path,
      status: reply.status,
      contentType: reply.headers.get("content-type") ?? "",
      text: reply.text,
    });
    return reply;
  }

  /** Calls anything. */
  async raw(
    method: string,
    path: string,
    init: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    } = {},
  ): Promise<ApiReply> {
    const response = await fetch(this.#baseUrl + path, {
      ...init,
      method,
      redirect: "manual",
    });
    const { status, headers } = response;
    const text = await response.text();
    const isJson = headers.get("content-type")?.startsWith("application/json");
    const json: unknown = isJson ? JSON.parse(text) : undefined;
    return { status, headers, text, json };
  }
}
