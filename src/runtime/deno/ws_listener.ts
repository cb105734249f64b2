import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener, RequestError } from "@hono/node-server";
import { listenError, plainAddress } from "../address.ts";
import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_HEADER_BYTES,
  REQUEST_TIMEOUT_MS,
} from "../limits.ts";
import type { Listener, ListenOptions } from "../runtime.ts";
import { WsUpgrader } from "./ws_upgrader.ts";

/** How late a request may be noticed to be late. */
const TIMEOUT_CHECK_MS = 1_000;

/**
 * Listens with `node:http`, whose sockets the `ws` package upgrades.
 *
 * @throws Error where the port cannot be bound.
 */
export async function listenWs(options: ListenOptions): Promise<Listener> {
  const upgrader = new WsUpgrader(options);
  const server = createHttpServer(options);
  server.on("upgrade", (request, _socket, head) => {
    upgrader.handle(request, head);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen({ host: options.host, port: options.port }, resolve);
  try {
    await promise;
  } catch (error) {
    throw listenError(options, error);
  }
  server.off("error", reject);
  server.on("error", options.onError);
  return new WsListener(options, { server, upgrader });
}

class WsListener implements Listener {
  readonly host: string;
  readonly port: number;
  readonly transport = "ws";
  readonly #server: Server;
  readonly #upgrader: WsUpgrader;
  #allClosed: Promise<void> | undefined;

  constructor(
    { host }: ListenOptions,
    parts: { server: Server; upgrader: WsUpgrader },
  ) {
    this.host = host;
    this.#server = parts.server;
    this.#upgrader = parts.upgrader;
    this.port = portOf(parts.server);
  }

  limitsChanged(): void {
    this.#upgrader.limitsChanged();
  }

  stop(): Promise<void> {
    // Its callback waits for the last connection; the port is free as soon as it returns.
    this.#allClosed ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeIdleConnections();
    return Promise.resolve();
  }

  async destroy(): Promise<void> {
    await this.stop();
    this.#upgrader.destroy();
    this.#server.closeAllConnections();
    await this.#allClosed;
  }
}

function createHttpServer(options: ListenOptions): Server {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      // Any other protocol on offer (`curl --http2` asks for h2c) is passed over, as HTTP allows.
      shouldUpgradeCallback: isWebSocketUpgrade,
    },
    getRequestListener(
      (request, { incoming }) =>
        options.fetch(request, {
          remoteAddress: plainAddress(incoming.socket.remoteAddress),
        }),
      {
        // The globals stay the runtime's own: the native transport needs them.
        overrideGlobalObjects: false,
        // For who names no host, as probes that speak HTTP/1.0 do.
        hostname: "localhost",
        errorHandler(error) {
          // A malformed host or path is no failure of ours, and must not fill the log.
          if (error instanceof RequestError) {
            return new Response("Bad Request", { status: 400 });
          }
          options.onError(error);
          return new Response("Internal Server Error", { status: 500 });
        },
      },
    ),
  );
  server.on("clientError", answerBadRequest);
  // For whoever does not read the answer; `ws` lifts it off the sockets it upgrades.
  server.timeout = REQUEST_TIMEOUT_MS;
  return server;
}

function isWebSocketUpgrade(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === "websocket";
}

/** Not told to `onError`: what strangers send is no failure of ours, and must not fill the log. */
function answerBadRequest(error: Error, socket: Duplex): void {
  if (!socket.writable || ("code" in error && error.code === "ECONNRESET")) {
    socket.destroy();
    return;
  }
  socket.end(
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    () => socket.destroy(),
  );
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") {
    throw new Error(`Cannot tell the port: address is ${address}`);
  }
  return address.port;
}
