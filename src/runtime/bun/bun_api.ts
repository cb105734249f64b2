/** The members of Bun's API that this project uses; the checker runs without Bun's own types. */

export type BunHeaders = Readonly<Record<string, string>>;

/** A socket of `Bun.serve`. */
export interface ServerWebSocket<Data> {
  readonly data: Data;
  /** As in a browser: 1 is open. */
  readonly readyState: number;
  readonly remoteAddress: string;
  /** Bytes sent; -1: queued behind others; 0: dropped, or nothing to send. */
  sendText(text: string, compress?: boolean): number;
  /** The same. */
  sendBinary(bytes: Uint8Array, compress?: boolean): number;
  /** Sends a frame of its own for each `send` inside, with one system call for all. */
  cork(send: (socket: ServerWebSocket<Data>) => void): void;
  ping(): number;
  /** Sends the close frame and lets TCP go; the handler `close` runs before this returns. */
  close(code: number, reason: string): void;
  /** The same without the frame. */
  terminate(): void;
  pause(): void;
  resume(): void;
  getBufferedAmount(): number;
}

export interface WebSocketHandlers<Data> {
  readonly maxPayloadLength: number;
  /** Seconds; 0: none. */
  readonly idleTimeout: number;
  readonly sendPings: boolean;
  readonly backpressureLimit: number;
  readonly perMessageDeflate: boolean;
  open(socket: ServerWebSocket<Data>): void;
  message(socket: ServerWebSocket<Data>, data: string | Uint8Array): void;
  ping(socket: ServerWebSocket<Data>): void;
  pong(socket: ServerWebSocket<Data>): void;
  drain(socket: ServerWebSocket<Data>): void;
  close(socket: ServerWebSocket<Data>, code: number, reason: string): void;
}

export interface ServeOptions<Data> {
  readonly hostname: string;
  readonly port: number;
  /** Seconds an HTTP connection may rest. */
  readonly idleTimeout: number;
  readonly development: boolean;
  /** Whether several processes may share the port; left out, `development: false` turns it on. */
  readonly reusePort: boolean;
  readonly websocket: WebSocketHandlers<Data>;
  fetch(
    request: Request,
    server: BunServer<Data>,
  ): Response | Promise<Response> | undefined;
  error(error: unknown): Response;
}

export interface BunServer<Data> {
  readonly port: number;
  /** Undefined once the peer is gone. */
  requestIP(request: Request): { readonly address: string } | null;
  /** Runs the handler `open` before it returns; false: no proper handshake. */
  upgrade(
    request: Request,
    options: { readonly data: Data; readonly headers?: BunHeaders },
  ): boolean;
  /** Changes handlers and limits, for open sockets too. */
  reload(options: ServeOptions<Data>): void;
  /**
   * Takes nobody new and resolves when the last connection is gone; with true it drops them all.
   * After that, another call may never resolve.
   */
  stop(dropsConnections: boolean): Promise<void>;
}

interface BunApi {
  readonly version: string;
  serve<Data>(options: ServeOptions<Data>): BunServer<Data>;
}

declare const Bun: BunApi;

/** Bun itself. */
export const bun: BunApi = Bun;
