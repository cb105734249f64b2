import { listenError, plainAddress } from "../address.ts";
import {
  decideUpgrade,
  isWebSocketUpgrade,
  refusal,
  serverFault,
} from "../fetch_upgrade.ts";
import { DEFAULT_HIGH_WATER_BYTES } from "../limits.ts";
import type { Listener, ListenOptions } from "../runtime.ts";
import {
  NativeConnection,
  type NativeConnectionOptions,
} from "./native_connection.ts";

/**
 * Listens with `Deno.serve`, for where no raw socket can be had.
 *
 * @throws Error where the port cannot be bound, or compression is asked for.
 */
export function listenNative(options: ListenOptions): Listener {
  if (options.compression) {
    throw new Error(
      "Cannot compress with transport native: Deno.upgradeWebSocket has no permessage-deflate",
    );
  }
  return new NativeListener(options);
}

class NativeListener implements Listener {
  readonly host: string;
  readonly port: number;
  readonly transport = "native";
  readonly #options: ListenOptions;
  readonly #connectionOptions: NativeConnectionOptions;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #abort = new AbortController();
  #isStopping = false;

  constructor(options: ListenOptions) {
    this.#options = options;
    this.#connectionOptions = {
      highWaterBytes: options.highWaterBytes ?? DEFAULT_HIGH_WATER_BYTES,
      maxMessageBytes: () => options.maxMessageBytes(),
      onError: (error) => options.onError(error),
    };
    this.#server = this.#serve();
    this.host = options.host;
    this.port = this.#server.addr.port;
  }

  /** Nothing to do: every message is measured against the limit of the moment. */
  limitsChanged(): void {}

  stop(): Promise<void> {
    // `shutdown` would close all WebSockets too, so the port stays and says no.
    this.#isStopping = true;
    return Promise.resolve();
  }

  async destroy(): Promise<void> {
    this.#isStopping = true;
    this.#abort.abort();
    await this.#server.finished;
  }

  #serve(): Deno.HttpServer<Deno.NetAddr> {
    try {
      return Deno.serve({
        hostname: this.#options.host,
        port: this.#options.port,
        signal: this.#abort.signal,
        onListen() {},
        onError: (error) => {
          this.#options.onError(error);
          return serverFault();
        },
      }, (request, { remoteAddr }) => this.#answer(request, remoteAddr));
    } catch (error) {
      throw listenError(this.#options, error);
    }
  }

  #answer(
    request: Request,
    { hostname }: Deno.NetAddr,
  ): Response | Promise<Response> {
    if (this.#isStopping) return refusal(503, "Service Unavailable");
    const remoteAddress = plainAddress(hostname);
    return isWebSocketUpgrade(request)
      ? this.#upgrade(request, remoteAddress)
      : this.#options.fetch(request, { remoteAddress });
  }

  #upgrade(request: Request, remoteAddress: string): Response {
    const options = this.#options;
    const decision = decideUpgrade(request, { remoteAddress, options });
    if (decision instanceof Response) return decision;
    const { subprotocol } = decision;
    const { socket, response } = Deno.upgradeWebSocket(request, {
      // The hub has its own idea of idleness.
      idleTimeout: 0,
      ...(subprotocol === undefined ? {} : { protocol: subprotocol }),
    });
    new NativeConnection(
      { socket, remoteAddress, decision },
      this.#connectionOptions,
    );
    return response;
  }
}
