import type { TcpSocket } from "./bun_tcp.ts";

/** Sends in order on a socket that may take only part of a write. */
export class TcpSender {
  readonly #socket: TcpSocket<unknown>;
  #unsent: Uint8Array | undefined;

  constructor(socket: TcpSocket<unknown>) {
    this.#socket = socket;
  }

  /** Sends bytes, which may be used again after the call. Once the socket is gone, nothing happens. */
  send(bytes: Uint8Array): void {
    if (this.#unsent !== undefined) {
      this.#unsent = concat(this.#unsent, bytes);
      return;
    }
    const taken = this.#socket.write(bytes);
    if (taken >= 0 && taken < bytes.length) this.#unsent = bytes.slice(taken);
  }

  /** To be called when the socket has drained. */
  drained(): void {
    const unsent = this.#unsent;
    this.#unsent = undefined;
    if (unsent !== undefined) this.send(unsent);
  }
}

/** Both, one behind the other. */
export function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
