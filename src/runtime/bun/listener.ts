import { listenError, plainAddress } from "../address.ts";
import {
  decideUpgrade,
  isWebSocketUpgrade,
  refusal,
  serverFault,
} from "../fetch_upgrade.ts";
import { DEFAULT_HIGH_WATER_BYTES, KEEP_ALIVE_TIMEOUT_MS } from "../limits.ts";
import type { Listener, ListenOptions } from "../runtime.ts";
import { bun, type BunServer, type ServeOptions } from "./bun_api.ts";
import { BunConnection, type BunConnectionOptions } from "./connection.ts";
import { FrameSender } from "./frame_sender.ts";

/**
 * More than the hub ever leaves in a socket: it stops writing at `highWaterBytes`. Beyond the limit
 * Bun would drop frames in silence.
 */
const NEVER_REACHED_BYTES = 2 ** 30;

/**
 * Listens with `Bun.serve`.
 *
 * @throws Error where the port cannot be bound, or transport `ws` is asked for.
 */
// deno-lint-ignore require-await -- the contract is the same where listening takes time
export async function listen(options: ListenOptions): Promise<Listener> {
  switch (options.transport) {
    case "auto":
    case "native":
      return new BunListener(options);
    case "ws":
      throw new Error(
        "Cannot listen with transport ws on Bun: its ws package is a wrapper of Bun.serve, use auto or native",
      );
    default:
      return options.transport satisfies never;
  }
}

class BunListener implements Listener {
  readonly host: string;
  readonly port: number;
  readonly transport = "bun";
  readonly #options: ListenOptions;
  readonly #connectionOptions: BunConnectionOptions;
  readonly #server: BunServer<BunConnection>;
  #maxMessageBytes: number;
  #isStopped = false;
  #destroyed: Promise<void> | undefined;

  constructor(options: ListenOptions) {
    this.#options = options;
    this.#maxMessageBytes = options.maxMessageBytes();
    this.#connectionOptions = {
      sender: new FrameSender(options.compression),
      highWaterBytes: options.highWaterBytes ?? DEFAULT_HIGH_WATER_BYTES,
      onError: (error) => options.onError(error),
    };
    this.host = options.host;
    this.#server = this.#serve();
    this.port = this.#server.port;
  }

  limitsChanged(): void {
    const maxMessageBytes = this.#options.maxMessageBytes();
    if (maxMessageBytes === this.#maxMessageBytes) return;
    this.#maxMessageBytes = maxMessageBytes;
    this.#server.reload(this.#serveOptions());
  }

  stop(): Promise<void> {
    // Resolves when the last socket is gone; the port is free as soon as it returns.
    if (!this.#isStopped) void this.#server.stop(false);
    this.#isStopped = true;
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    this.#isStopped = true;
    this.#destroyed ??= this.#server.stop(true);
    return this.#destroyed;
  }

  #serve(): BunServer<BunConnection> {
    try {
      return bun.serve(this.#serveOptions());
    } catch (error) {
      throw listenError(this.#options, error);
    }
  }

  #serveOptions(): ServeOptions<BunConnection> {
    return {
      hostname: this.#options.host,
      port: this.#options.port,
      idleTimeout: KEEP_ALIVE_TIMEOUT_MS / 1_000,
      development: false,
      reusePort: false,
      fetch: (request, server) => this.#answer(request, server),
      error: (error) => {
        this.#options.onError(error);
        return serverFault();
      },
      websocket: {
        maxPayloadLength: this.#maxMessageBytes,
        // Heartbeats are the hub's.
        idleTimeout: 0,
        sendPings: false,
        backpressureLimit: NEVER_REACHED_BYTES,
        perMessageDeflate: this.#options.compression,
        open: (socket) => socket.data.opened(socket),
        message: (socket, data) => socket.data.received(data),
        ping: (socket) => socket.data.pinged(),
        pong: (socket) => socket.data.ponged(),
        drain: (socket) => socket.data.drained(),
        close: (socket, code, reason) => socket.data.closed(code, reason),
      },
    };
  }

  #answer(
    request: Request,
    server: BunServer<BunConnection>,
  ): Response | Promise<Response> | undefined {
    const remoteAddress = plainAddress(server.requestIP(request)?.address);
    return isWebSocketUpgrade(request)
      ? this.#upgrade(request, { server, remoteAddress })
      : this.#options.fetch(request, { remoteAddress });
  }

  /** Undefined: it became a WebSocket. */
  #upgrade(
    request: Request,
    { server, remoteAddress }: {
      server: BunServer<BunConnection>;
      remoteAddress: string;
    },
  ): Response | undefined {
    const options = this.#options;
    const decision = decideUpgrade(request, { remoteAddress, options });
    if (decision instanceof Response) return decision;
    this.limitsChanged();
    const isUpgraded = server.upgrade(request, {
      data: new BunConnection(decision, this.#connectionOptions),
      // Left out, Bun would answer the first protocol on offer; empty, it answers none.
      headers: { "sec-websocket-protocol": decision.subprotocol ?? "" },
    });
    return isUpgraded ? undefined : refusal(400, "Invalid WebSocket handshake");
  }
}
