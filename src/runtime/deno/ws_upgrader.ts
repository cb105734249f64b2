import { Buffer } from "node:buffer";
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { type Server, WebSocketServer } from "ws";
import { plainAddress } from "../address.ts";
import {
  COMPRESS_FROM_BYTES,
  DEFAULT_HIGH_WATER_BYTES,
  REFUSAL_TIMEOUT_MS,
} from "../limits.ts";
import type {
  AcceptedUpgrade,
  ListenOptions,
  UpgradeDecision,
  UpgradeRequest,
} from "../runtime.ts";
import {
  OwnedSocket,
  WsConnection,
  type WsConnectionOptions,
} from "./ws_connection.ts";
import { FrameJoiner } from "./ws_frames.ts";

/** Turns upgrade requests of a `node:http` server into connections, and keeps those that are open. */
export class WsUpgrader {
  readonly #options: ListenOptions;
  readonly #server: Server<typeof OwnedSocket>;
  readonly #open = new Set<WsConnection>();
  readonly #plain: WsConnectionOptions;
  readonly #deflating: WsConnectionOptions;
  /** Of the handshake at hand, which `ws` does in one go. */
  #subprotocol: string | undefined;

  constructor(options: ListenOptions) {
    this.#options = options;
    this.#server = new WebSocketServer<typeof OwnedSocket>({
      noServer: true,
      // Our own set does it without a closure per connection.
      clientTracking: false,
      WebSocket: OwnedSocket,
      handleProtocols: () => this.#subprotocol ?? false,
      // Without context takeover a frame is compressed once for all, and no peer holds a window here.
      perMessageDeflate: options.compression && {
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
        threshold: COMPRESS_FROM_BYTES,
      },
    });
    const shared = {
      highWaterBytes: options.highWaterBytes ?? DEFAULT_HIGH_WATER_BYTES,
      onClosed: (connection: WsConnection) => this.#open.delete(connection),
    };
    this.#plain = { ...shared, joiner: new FrameJoiner(false) };
    this.#deflating = { ...shared, joiner: new FrameJoiner(true) };
  }

  /** Answers one upgrade request. `head` is what came behind its headers. */
  handle(request: IncomingMessage, head: Buffer): void {
    const { socket } = request;
    // Until `ws` listens itself, a reset by the peer would be an uncaught error.
    socket.on("error", destroySocket);
    const decision = this.#decide(request);
    switch (decision.type) {
      case "accept":
        return this.#accept(request, { head, decision });
      case "refuse":
        return refuse(socket, decision);
      default:
        return decision satisfies never;
    }
  }

  /** Asks for the message limit again, on behalf of open connections. */
  limitsChanged(): void {
    const maxBytes = this.#options.maxMessageBytes();
    for (const connection of this.#open) connection.limitMessages(maxBytes);
  }

  /** Drops every open connection. */
  destroy(): void {
    for (const connection of this.#open) connection.terminate();
  }

  #decide(request: IncomingMessage): UpgradeDecision {
    try {
      return this.#options.upgrade(new NodeUpgradeRequest(request));
    } catch (error) {
      this.#options.onError(error);
      return { type: "refuse", status: 500, body: "Internal Server Error" };
    }
  }

  #accept(
    request: IncomingMessage,
    { head, decision }: { head: Buffer; decision: AcceptedUpgrade },
  ): void {
    const { socket } = request;
    this.#server.options.maxPayload = this.#options.maxMessageBytes();
    this.#subprotocol = decision.subprotocol;
    // Calls back at once, or not at all: then it has answered 400 or 405, or the peer is gone.
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      socket.off("error", destroySocket);
      const options = ws.extensions !== "" && acceptsAnyWindow(request)
        ? this.#deflating
        : this.#plain;
      const connection = new WsConnection(ws, socket, options);
      this.#open.add(connection);
      this.#start(connection, decision);
    });
  }

  #start(connection: WsConnection, decision: AcceptedUpgrade): void {
    try {
      connection.start(decision.open(connection));
    } catch (error) {
      this.#options.onError(error);
      this.#open.delete(connection);
      connection.terminate();
    }
  }
}

/**
 * Whether frames compressed with the full window of 32 KiB suit the peer. One that asked for less is
 * sent everything uncompressed: no browser does, and a frame is compressed once for all.
 */
function acceptsAnyWindow(request: IncomingMessage): boolean {
  const offer = request.headers["sec-websocket-extensions"] ?? "";
  return !offer.includes("server_max_window_bits");
}

function refuse(
  socket: Socket,
  { status, body }: { status: number; body: string },
): void {
  socket.setTimeout(REFUSAL_TIMEOUT_MS, destroySocket);
  socket.once("finish", destroySocket);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n` +
      "Connection: close\r\n" +
      "Content-Type: text/plain; charset=utf-8\r\n" +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function destroySocket(this: Socket): void {
  this.destroy();
}

class NodeUpgradeRequest implements UpgradeRequest {
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  get target(): string {
    return this.#request.url ?? "/";
  }

  get remoteAddress(): string {
    return plainAddress(this.#request.socket.remoteAddress);
  }

  header(name: string): string | undefined {
    // `headers` would drop the second of two `Origin` headers.
    return this.#request.headersDistinct[name]?.join(", ");
  }
}
