import type { Clock } from "../hub/clock.ts";
import type { SocketEvents, WSConn } from "../hub/ws_conn.ts";

/** How WebSockets are carried; `auto` takes the best the runtime has. */
export type TransportName = "auto" | "native" | "ws";

/** A request to become a WebSocket; to be read before it is answered, not later. */
export interface UpgradeRequest {
  /** Path and query as sent, say `/ws?client_id=a`. */
  readonly target: string;
  /** A header's value, lower-case name; several are joined by `, `. */
  header(name: string): string | undefined;
  readonly remoteAddress: string;
}

/** What becomes of an upgrade request. */
export type UpgradeDecision =
  | {
    readonly type: "accept";
    /** Named in the answer's `Sec-WebSocket-Protocol`; undefined: none. */
    readonly subprotocol: string | undefined;
    /** Called once the socket is open; what it returns gets the socket's events. */
    open(conn: WSConn): SocketEvents;
  }
  | { readonly type: "refuse"; readonly status: number; readonly body: string };

export type AcceptedUpgrade = Extract<UpgradeDecision, { type: "accept" }>;

/** Called for every request that is not an upgrade. */
export type FetchHandler = (
  request: Request,
  peer: { readonly remoteAddress: string },
) => Response | Promise<Response>;

export interface ListenOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly transport: TransportName;
  /** Whether permessage-deflate is offered (RFC 7692). */
  readonly compression: boolean;
  /** The largest message taken from a peer, in bytes; asked at every upgrade and by `Listener.limitsChanged`. */
  maxMessageBytes(): number;
  /** The bytes a socket may buffer before `write` says `backpressure`. @default {65536} */
  readonly highWaterBytes?: number;
  fetch: FetchHandler;
  upgrade(request: UpgradeRequest): UpgradeDecision;
  /** Something failed outside any one request. */
  onError(error: unknown): void;
}

/** A port that is being listened on, HTTP and WebSocket alike. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  readonly transport: Exclude<TransportName, "auto"> | "bun";
  /** Asks `maxMessageBytes` again, and holds open sockets to the answer too. */
  limitsChanged(): void;
  /**
   * Stops taking new connections; what is open goes on. Resolves when the port is free (`native`
   * keeps it until `destroy`, and refuses whoever comes with 503).
   */
  stop(): Promise<void>;
  /** Drops every socket that is still open. */
  destroy(): Promise<void>;
}

/** Signals a node acts on. */
export type SignalName = "SIGTERM" | "SIGINT" | "SIGHUP";

export interface MemoryUsage {
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
}

/** Everything the project asks of the runtime it runs on; the one place that knows which it is. */
export interface Runtime {
  readonly name: "deno" | "bun";
  readonly version: string;
  readonly pid: number;
  readonly clock: Clock;
  /** Arguments behind the program's name. */
  readonly args: readonly string[];
  /** The environment as it is now. */
  env(): Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  /** A file's text. Throws where it cannot be read. */
  readTextFile(path: string): Promise<string>;
  /**
   * Calls `onChange` about 100 ms after the file was written, replaced, or its symbolic link
   * switched; its directory is watched, so it may come into being later.
   */
  watchFile(path: string, onChange: () => void): { stop(): void };
  /** Loads a module by file path, relative to the working directory. */
  importModule(path: string): Promise<unknown>;
  onSignal(signal: SignalName, run: () => void): { stop(): void };
  /** Calls `run` for errors nobody caught; the process goes on. */
  onUncaught(run: (error: unknown) => void): { stop(): void };
  memory(): MemoryUsage;
  /** User and system CPU time of the process so far, in seconds. */
  cpuSeconds(): number;
  writeStdout(text: string): void;
  writeStderr(text: string): void;
  exit(code: number): never;
  listen(options: ListenOptions): Promise<Listener>;
}
