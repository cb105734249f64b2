import { Buffer } from "node:buffer";
import type { SocketEvents, WriteStatus, WSConn } from "../../hub/ws_conn.ts";
import type { Frame } from "../../protocol/frame.ts";
import type { AcceptedUpgrade } from "../runtime.ts";

/** Close codes of RFC 6455 §7.4.1 that Deno leaves to us. */
const TOO_BIG = { code: 1009, reason: "message too big" };
const SERVER_ERROR = { code: 1011, reason: "server error" };

/** What all connections of one listener share. */
export interface NativeConnectionOptions {
  readonly highWaterBytes: number;
  maxMessageBytes(): number;
  /** Something failed that is not the peer's fault. */
  onError(error: unknown): void;
}

/** What one connection is made of. */
export interface NativeConnectionParts {
  readonly socket: WebSocket;
  readonly remoteAddress: string;
  readonly decision: AcceptedUpgrade;
}

/**
 * A WebSocket of `Deno.upgradeWebSocket`. It sends each frame by itself, cannot ping, cannot drop a
 * socket and never says that it drained: the hub asks `bufferedAmount`.
 *
 * It is its own listener, so that a connection costs no closures.
 */
export class NativeConnection implements WSConn, EventListenerObject {
  readonly #socket: WebSocket;
  /** Until the socket is open. */
  #decision: AcceptedUpgrade | undefined;
  readonly #options: NativeConnectionOptions;
  #events: SocketEvents | undefined;
  /** What went wrong with the socket, if anything. */
  #failure: string | undefined;
  readonly remoteAddress: string;

  constructor(parts: NativeConnectionParts, options: NativeConnectionOptions) {
    this.#socket = parts.socket;
    this.#decision = parts.decision;
    this.#options = options;
    this.remoteAddress = parts.remoteAddress;
    parts.socket.binaryType = "arraybuffer";
    for (const type of ["open", "message", "error", "close"]) {
      parts.socket.addEventListener(type, this);
    }
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  write(frames: readonly Frame[]): WriteStatus {
    const socket = this.#socket;
    if (socket.readyState !== WebSocket.OPEN) return "closed";
    for (const frame of frames) socket.send(frame.text ?? frame.bytes);
    return socket.bufferedAmount > this.#options.highWaterBytes
      ? "backpressure"
      : "ok";
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** For the socket alone. */
  handleEvent(event: Event): void {
    if (event instanceof MessageEvent) this.#receive(event.data);
    else if (event instanceof CloseEvent) this.#closed(event);
    else if (event instanceof ErrorEvent) this.#failure ??= event.message;
    else this.#opened();
  }

  #opened(): void {
    try {
      this.#events = this.#decision?.open(this);
      this.#decision = undefined;
    } catch (error) {
      this.#options.onError(error);
      this.close(SERVER_ERROR.code, SERVER_ERROR.reason);
    }
  }

  #receive(data: unknown): void {
    // What follows a message that was too big must not be taken, nor what comes after `close`.
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (typeof data === "string") {
      this.#take(data, Buffer.byteLength(data));
    } else if (data instanceof ArrayBuffer) {
      this.#take(new Uint8Array(data), data.byteLength);
    }
  }

  #take(data: string | Uint8Array, byteLength: number): void {
    if (byteLength <= this.#options.maxMessageBytes()) {
      this.#events?.receive(data, byteLength);
    } else {
      this.close(TOO_BIG.code, TOO_BIG.reason);
    }
  }

  #closed({ code, reason }: CloseEvent): void {
    // Deno says 0 where the socket was lost, which RFC 6455 §7.1.5 calls 1006.
    // And it may say so twice: by `close`, and when TCP ends.
    this.#events?.closed(code || 1006, this.#failure ?? reason);
    this.#events = undefined;
  }
}
