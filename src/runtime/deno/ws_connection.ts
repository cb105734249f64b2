import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { WebSocket } from "ws";
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
import type { FrameJoiner } from "./ws_frames.ts";

/**
 * A socket of the `ws` package that knows its connection: the listeners below are shared by all
 * sockets, where closures would cost each of them some 400 bytes.
 */
export class OwnedSocket extends WebSocket {
  owner: WsConnection | undefined;
}

/** What all connections of one listener share. */
export interface WsConnectionOptions {
  /** Makes the bytes of a write, compressed where the peer negotiated it. */
  readonly joiner: FrameJoiner;
  readonly highWaterBytes: number;
  /** Called once, after the hub was told. */
  readonly onClosed: (connection: WsConnection) => void;
}

/**
 * A WebSocket on a raw socket: the `ws` package parses, answers pings and does the handshakes, while
 * data frames are joined here and go to the socket with one write.
 *
 * Both write to the same socket, each frame in one go, so frames never mix and keep their order.
 * (`ws` would hold frames back only while it compresses one itself, which it is never asked to.)
 */
export class WsConnection
  implements WSConn, Pingable, Terminable, Drainable, Pausable {
  readonly #ws: OwnedSocket;
  readonly #socket: Socket;
  readonly #options: WsConnectionOptions;
  #events: SocketEvents | undefined;
  #awaitsDrain = false;
  /** What was wrong with the peer's frames, if anything. */
  #failure: string | undefined;
  readonly remoteAddress: string;

  constructor(ws: OwnedSocket, socket: Socket, options: WsConnectionOptions) {
    this.#ws = ws;
    this.#socket = socket;
    this.#options = options;
    this.remoteAddress = plainAddress(socket.remoteAddress);
  }

  get announcesDrain(): true {
    return true;
  }

  get bufferedAmount(): number {
    return this.#socket.writableLength;
  }

  /** From here on the socket's events go to `events`. */
  start(events: SocketEvents): void {
    this.#events = events;
    const ws = this.#ws;
    ws.owner = this;
    ws.on("message", onMessage);
    ws.on("ping", onAlive);
    ws.on("pong", onAlive);
    ws.on("error", onError);
    ws.on("close", onClose);
  }

  write(frames: readonly Frame[]): WriteStatus {
    if (this.#ws.readyState !== WebSocket.OPEN) return "closed";
    const socket = this.#socket;
    socket.write(this.#options.joiner.join(frames));
    // Below its own mark the stream would not announce the drain.
    if (
      socket.writableLength <= this.#options.highWaterBytes ||
      !socket.writableNeedDrain
    ) return "ok";
    if (!this.#awaitsDrain) {
      this.#awaitsDrain = true;
      socket.once("drain", () => this.#drained());
    }
    return "backpressure";
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason);
  }

  ping(): void {
    this.#ws.ping();
  }

  terminate(): void {
    this.#ws.terminate();
  }

  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  /**
   * Changes the largest message taken, which `ws` itself lets be set at the handshake alone. The
   * members named here are its own; the conformance suite notices should they change.
   */
  limitMessages(maxBytes: number): void {
    setMember(getMember(this.#ws, "_receiver"), "_maxPayload", maxBytes);
    const extensions = getMember(this.#ws, "_extensions");
    setMember(
      getMember(extensions, "permessage-deflate"),
      "_maxPayload",
      maxBytes,
    );
  }

  /** For the listeners of the socket alone. */
  received(data: Buffer, isBinary: boolean): void {
    this.#events?.receive(isBinary ? data : data.toString(), data.length);
  }

  /** For the listeners of the socket alone. */
  alive(): void {
    this.#events?.alive();
  }

  /** For the listeners of the socket alone: `ws` closes by itself with the code that fits. */
  failed(error: Error): void {
    this.#failure ??= error.message;
  }

  /** For the listeners of the socket alone. */
  closed(code: number, reason: string): void {
    this.#events?.closed(code, this.#failure ?? reason);
    this.#options.onClosed(this);
  }

  #drained(): void {
    this.#awaitsDrain = false;
    this.#events?.drained();
  }
}

function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  ownerOf(this)?.received(data, isBinary);
}

function onAlive(this: WebSocket): void {
  ownerOf(this)?.alive();
}

function onError(this: WebSocket, error: Error): void {
  ownerOf(this)?.failed(error);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  ownerOf(this)?.closed(code, reason.toString());
}

function ownerOf(socket: WebSocket): WsConnection | undefined {
  return socket instanceof OwnedSocket ? socket.owner : undefined;
}

function getMember(target: unknown, name: string): unknown {
  return typeof target === "object" && target !== null
    ? Reflect.get(target, name)
    : undefined;
}

function setMember(target: unknown, name: string, value: number): void {
  if (typeof target === "object" && target !== null) {
    Reflect.set(target, name, value);
  }
}
