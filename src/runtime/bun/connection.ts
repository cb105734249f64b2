import { Buffer } from "node:buffer";
import type {
  Drainable,
  Pausable,
  Pingable,
  SocketEvents,
  Terminable,
  WriteStatus,
  WSConn,
} from "../../hub/ws_conn.ts";
import type { Frame } from "../../protocol/frame.ts";
import { plainAddress } from "../address.ts";
import type { AcceptedUpgrade } from "../runtime.ts";
import type { BunSocket, FrameSender } from "./frame_sender.ts";

/** What all connections of one listener share. */
export interface BunConnectionOptions {
  readonly sender: FrameSender;
  readonly highWaterBytes: number;
  /** Something failed that is not the peer's fault. */
  onError(error: unknown): void;
}

const OPEN = 1;
/** Bun answers every ping at once; a peer that pings and reads nothing must not fill our memory. */
const MAX_QUEUED_PONGS = 60;

/** A WebSocket of `Bun.serve`, which parses, frames, answers pings and does the handshakes. */
export class BunConnection
  implements WSConn, Pingable, Terminable, Drainable, Pausable {
  /** Until the socket is open. */
  #decision: AcceptedUpgrade | undefined;
  readonly #options: BunConnectionOptions;
  #socket: BunSocket | undefined;
  #events: SocketEvents | undefined;
  #awaitsDrain = false;
  #queuedPongs = 0;
  /** What to close with once everything before it is written. */
  #farewell: { readonly code: number; readonly reason: string } | undefined;

  constructor(decision: AcceptedUpgrade, options: BunConnectionOptions) {
    this.#decision = decision;
    this.#options = options;
  }

  get announcesDrain(): true {
    return true;
  }

  get remoteAddress(): string {
    return plainAddress(this.#socket?.remoteAddress);
  }

  get bufferedAmount(): number {
    return this.#socket?.getBufferedAmount() ?? 0;
  }

  write(frames: readonly Frame[]): WriteStatus {
    const socket = this.#socket;
    if (socket === undefined || socket.readyState !== OPEN) return "closed";
    if (this.#farewell !== undefined) return "closed";
    if (!this.#options.sender.send(socket, frames)) {
      // Some frames are lost, so the rest is worth nothing.
      socket.terminate();
      return "closed";
    }
    if (socket.getBufferedAmount() <= this.#options.highWaterBytes) return "ok";
    this.#awaitsDrain = true;
    return "backpressure";
  }

  close(code: number, reason: string): void {
    // Bun calls a socket closed at once, whatever it has not written yet: a drain would not wait.
    if (this.bufferedAmount > 0) this.#farewell = { code, reason };
    else this.#socket?.close(code, reason);
  }

  ping(): void {
    this.#socket?.ping();
  }

  terminate(): void {
    this.#socket?.terminate();
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  /** For the socket's handlers alone. */
  opened(socket: BunSocket): void {
    this.#socket = socket;
    try {
      this.#events = this.#decision?.open(this);
      this.#decision = undefined;
    } catch (error) {
      this.#options.onError(error);
      socket.terminate();
    }
  }

  /** For the socket's handlers alone. */
  received(data: string | Uint8Array): void {
    if (this.#farewell !== undefined) return;
    this.#events?.receive(
      data,
      typeof data === "string" ? Buffer.byteLength(data) : data.byteLength,
    );
  }

  /** For the socket's handlers alone. */
  pinged(): void {
    if (this.bufferedAmount > this.#options.highWaterBytes) {
      this.#queuedPongs += 1;
      if (this.#queuedPongs > MAX_QUEUED_PONGS) this.terminate();
    }
    this.#events?.alive();
  }

  /** For the socket's handlers alone. */
  ponged(): void {
    this.#events?.alive();
  }

  /** For the socket's handlers alone: Bun calls it on the way to empty, too. */
  drained(): void {
    if (this.#farewell !== undefined) {
      const { code, reason } = this.#farewell;
      if (this.bufferedAmount === 0) this.#socket?.close(code, reason);
      return;
    }
    if (this.bufferedAmount > this.#options.highWaterBytes) return;
    this.#queuedPongs = 0;
    if (!this.#awaitsDrain) return;
    this.#awaitsDrain = false;
    this.#events?.drained();
  }

  /** For the socket's handlers alone. */
  closed(code: number, reason: string): void {
    // Bun calls this from inside `close` and `terminate`, where the hub does not expect it.
    queueMicrotask(() => this.#events?.closed(code, reason));
  }
}
