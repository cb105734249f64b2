import assert from "node:assert/strict";
import type { ReloadResult } from "../../src/config/mod.ts";
import type { ErrorName } from "../../src/errors.ts";
import { buildApp } from "../../src/http/app.ts";
import type {
  AppOptions,
  HealthState,
  HttpSettings,
} from "../../src/http/options.ts";
import { ApiDocument } from "./api_document.ts";
import { FakeClock } from "./fake_clock.ts";
import { FakeHub } from "./fake_hub.ts";
import { FakeLogger } from "./fake_logger.ts";

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, with its content type. */
  readonly json?: unknown;
  /** Sent as it is, with no content type of its own. */
  readonly body?: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly remoteAddress?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly json: unknown;
}

/** The HTTP API over a fake hub; every answer is held against the API's own document. */
export class TestApi {
  readonly hub = new FakeHub();
  readonly clock = new FakeClock();
  readonly logger = new FakeLogger();
  readonly errors: ErrorName[] = [];
  state: HealthState = "ready";
  settings: HttpSettings = { apiKey: "", maxBodyBytes: 65_536 };
  /** What a reload comes to. */
  reload: () => Promise<ReloadResult> = () =>
    Promise.resolve({ type: "unchanged", needsRestart: [] });
  scrape: () => Promise<{ contentType: string; body: string }> = () =>
    Promise.resolve({
      contentType: "text/plain; version=0.0.4; charset=utf-8",
      body: "hubbub_connections 1\n",
    });
  readonly app: ReturnType<typeof buildApp>;
  #document: Promise<ApiDocument> | undefined;

  constructor(overrides: Partial<AppOptions> = {}) {
    const options: AppOptions = {
      hub: this.hub,
      clock: this.clock,
      logger: this.logger,
      nodeId: "node-1",
      version: "1.2.3",
      startedAtMs: this.clock.wallMs(),
      address: () => "127.0.0.1:8080",
      health: { state: () => this.state },
      metrics: { scrape: () => this.scrape() },
      metricsPath: "/metrics",
      reload: () => this.reload(),
      settings: () => this.settings,
      websocketPath: "/ws",
      errors: { count: (kind) => this.errors.push(kind) },
      ...overrides,
    };
    this.app = buildApp(options);
  }

  document(): Promise<ApiDocument> {
    this.#document ??= this.raw("GET", "/openapi.json").then((reply) =>
      new ApiDocument(reply.json)
    );
    return this.#document;
  }

  /** Calls a documented operation. Fails where the answer is not one that the document has. */
  async call(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Reply> {
    const document = await this.document();
    const reply = await this.raw(method, path, options);
    document.assertDocumented({
      method,
      path,
      status: reply.status,
      contentType: reply.headers.get("content-type") ?? "",
      text: reply.text,
    });
    return reply;
  }

  /** Calls anything, from 127.0.0.1 unless told otherwise. */
  async raw(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Reply> {
    const { json, remoteAddress = "127.0.0.1" } = options;
    const headers = new Headers({ host: "localhost:8080", ...options.headers });
    if (json !== undefined && !headers.has("content-type")) {
      headers.set("content-type", "application/json");
    }
    const body = json === undefined ? options.body : JSON.stringify(json);
    const init = { method, headers, body: body ?? null, duplex: "half" };
    const request = new Request(`http://localhost:8080${path}`, init);
    const response = await this.app.fetch(request, { remoteAddress });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get json(): unknown {
        return JSON.parse(text);
      },
    };
  }
}

/** Fails unless the answer is this error; returns its `details`. */
export function assertError(
  reply: Reply,
  expected: { readonly status: number; readonly code: number },
): unknown {
  const { code, message, details, ...rest } = Object(reply.json);
  assert.deepEqual(
    { status: reply.status, code, rest },
    { ...expected, rest: {} },
    reply.text,
  );
  assert.equal(typeof message, "string");
  assert.equal(reply.headers.get("content-type"), "application/json");
  return details;
}
