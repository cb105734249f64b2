import type { MiddlewareHandler } from "hono";
import { HubError } from "../../errors.ts";
import type { Clock } from "../../hub/clock.ts";
import type { HttpEnv } from "../context.ts";
import { RequestError } from "../request_error.ts";

/** How long a peer may take to send a body. */
const BODY_TIMEOUT_MS = 10_000;

const utf8 = new TextDecoder("utf-8", { fatal: true });

export interface BodyOptions {
  readonly clock: Clock;
  /** Asked at every request. */
  maxBytes(): number;
}

/**
 * Takes the request's body whole before a handler sees it: within the size, the time, and as UTF-8.
 * Bytes are counted as they come, so a wrong or missing `content-length` changes nothing.
 */
export function takeBody(options: BodyOptions): MiddlewareHandler<HttpEnv> {
  return async function (c, next) {
    const { raw } = c.req;
    if (raw.body !== null && raw.method !== "GET" && raw.method !== "HEAD") {
      const bytes = await readBytes(raw, raw.body, options);
      assertUtf8(bytes);
      c.req.raw = new Request(raw.url, {
        method: raw.method,
        headers: raw.headers,
        body: bytes.length === 0 ? null : bytes,
      });
    }
    await next();
  };
}

async function readBytes(
  request: Request,
  body: ReadableStream<Uint8Array>,
  options: BodyOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const maxBytes = options.maxBytes();
  const reader = body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = options.clock.after(
    BODY_TIMEOUT_MS,
    () => late.reject(tooLate()),
  );
  try {
    if (Number(request.headers.get("content-length")) > maxBytes) {
      throw tooLarge(maxBytes);
    }
    return await readWithin(reader, { maxBytes, late: late.promise });
  } catch (error) {
    // The peer is refused already: how its stream ends changes nothing.
    reader.cancel().catch(() => undefined);
    if (error instanceof HubError) throw error;
    throw new RequestError("INVALID_FORMAT", {
      details: "Cannot read the body: it ended early",
      cause: error,
    });
  } finally {
    timer.stop();
  }
}

async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { maxBytes, late }: { maxBytes: number; late: Promise<never> },
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await Promise.race([reader.read(), late]);
    if (done) break;
    size += value.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    // An empty chunk counts for nothing, so it must not be kept either.
    if (value.length > 0) chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function assertUtf8(bytes: Uint8Array): void {
  try {
    utf8.decode(bytes);
  } catch (cause) {
    throw new RequestError("INVALID_FORMAT", {
      details: "Cannot read the body: it must be UTF-8",
      cause,
    });
  }
}

function tooLarge(maxBytes: number): HubError {
  return new HubError("MESSAGE_TOO_LARGE", { max_bytes: maxBytes });
}

function tooLate(): RequestError {
  return new RequestError("TIMEOUT", {
    status: 408,
    details: `Cannot read the body: it must come within ${
      BODY_TIMEOUT_MS / 1_000
    } s`,
  });
}
