import { targetOf } from "./address.ts";
import type {
  AcceptedUpgrade,
  ListenOptions,
  UpgradeRequest,
} from "./runtime.ts";

/** An upgrade request that came as a `Request`, as both runtimes' own servers give it. */
class FetchUpgradeRequest implements UpgradeRequest {
  readonly #request: Request;
  readonly remoteAddress: string;

  constructor(request: Request, remoteAddress: string) {
    this.#request = request;
    this.remoteAddress = remoteAddress;
  }

  get target(): string {
    return targetOf(this.#request.url);
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined;
  }
}

/** Whether a request asks to become a WebSocket; RFC 6455 wants it said in two headers. */
export function isWebSocketUpgrade({ headers }: Request): boolean {
  return headers.get("upgrade")?.toLowerCase() === "websocket" &&
    /\bupgrade\b/i.test(headers.get("connection") ?? "");
}

/** What a handshake lacks of RFC 6455 §4.2.1, as the answer that says so; undefined: nothing. */
function handshakeFault(request: Request): Response | undefined {
  if (request.method !== "GET") return refusal(405, "Method Not Allowed");
  if (request.headers.get("sec-websocket-version") !== "13") {
    return refusal(400, "Missing or invalid Sec-WebSocket-Version header");
  }
  const key = request.headers.get("sec-websocket-key") ?? "";
  if (!KEY_SHAPE.test(key)) {
    return refusal(400, "Missing or invalid Sec-WebSocket-Key header");
  }
  return undefined;
}

/** Asks the owner of the port about an upgrade: its consent, or the answer that refuses. */
export function decideUpgrade(
  request: Request,
  peer: {
    readonly remoteAddress: string;
    readonly options: Pick<ListenOptions, "upgrade">;
  },
): AcceptedUpgrade | Response {
  const decision = peer.options.upgrade(
    new FetchUpgradeRequest(request, peer.remoteAddress),
  );
  if (decision.type === "refuse") {
    return refusal(decision.status, decision.body);
  }
  return handshakeFault(request) ?? decision;
}

/** 16 bytes in base64. */
const KEY_SHAPE = /^[+/0-9A-Za-z]{22}==$/;

/** The answer to an upgrade request that becomes nothing; the connection ends with it. */
export function refusal(status: number, body: string): Response {
  return new Response(body, {
    status,
    headers: {
      "connection": "close",
      "content-type": "text/plain; charset=utf-8",
    },
  });
}

/** The answer where the project's own code threw. */
export function serverFault(): Response {
  return refusal(500, "Internal Server Error");
}
