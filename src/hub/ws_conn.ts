import type { Frame } from "../protocol/frame.ts";

/**
 * - `ok`: taken, and more may follow at once.
 * - `backpressure`: taken, but the peer does not keep up: write nothing more before the drain.
 * - `closed`: not taken, the socket is gone.
 */
export type WriteStatus = "ok" | "backpressure" | "closed";

/**
 * What the hub needs from a socket; `src/runtime/` implements it.
 *
 * The hub makes no call after `SocketEvents.closed`, and may forget a socket before that: an
 * adapter must cope with a `closed` that nobody waits for. No method throws, whatever has become of
 * the socket.
 */
export interface WSConn {
  /** The peer's address without its port, as the socket tells it (no proxy header is read here). */
  readonly remoteAddress: string;
  /** Bytes taken by `write` and not yet handed to the operating system. */
  readonly bufferedAmount: number;
  /**
   * Sends the frames in order, with one system call where the runtime can. The hub calls it once a
   * tick and connection. All frames are taken or none. Connections with the same pending frames
   * get the very same array, so an adapter may keep what it built for the last array it saw.
   * The array must not be changed.
   */
  write(frames: readonly Frame[]): WriteStatus;
  /**
   * Starts the close handshake behind what was written. A silent peer may never finish it: the hub
   * gives up by itself. `reason` is at most 123 bytes of UTF-8.
   */
  close(code: number, reason: string): void;
}

/** Can send a WebSocket ping; the pong comes back as `SocketEvents.alive`. */
export interface Pingable {
  ping(): void;
}

/** Can drop the socket at once, unsent bytes with it. */
export interface Terminable {
  terminate(): void;
}

/** Calls `SocketEvents.drained` once after each `backpressure`, when the peer has caught up. */
export interface Drainable {
  readonly announcesDrain: true;
}

/** Can stop reading from the peer, so that TCP slows it down. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

export function isPingable(conn: WSConn): conn is WSConn & Pingable {
  return "ping" in conn;
}

export function isTerminable(conn: WSConn): conn is WSConn & Terminable {
  return "terminate" in conn;
}

export function isDrainable(conn: WSConn): conn is WSConn & Drainable {
  return "announcesDrain" in conn;
}

export function isPausable(conn: WSConn): conn is WSConn & Pausable {
  return "pause" in conn;
}

/**
 * What a socket tells its owner; `Connection` implements it. Calls come in the order of the wire,
 * never from inside a call of the owner to `WSConn`, and none may throw.
 */
export interface SocketEvents {
  /**
   * One whole message: a string for a text message, bytes for a binary one. Bytes may be reused
   * after the call. `byteLength` is the size of the payload on the wire (after decompression).
   */
  receive(data: string | Uint8Array, byteLength: number): void;
  /** A ping or pong came. */
  alive(): void;
  /** The peer caught up after `backpressure` (only where `isDrainable`). */
  drained(): void;
  /** The socket is gone; the last call. `code` is 1005 or 1006 where the peer sent none. */
  closed(code: number, reason: string): void;
}
