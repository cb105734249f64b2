import type { Frame } from "../../protocol/frame.ts";
import { COMPRESS_FROM_BYTES } from "../limits.ts";
import type { ServerWebSocket } from "./bun_api.ts";
import type { BunConnection } from "./connection.ts";

/** A socket of `Bun.serve` that knows its connection. */
export type BunSocket = ServerWebSocket<BunConnection>;

/**
 * Sends frames with one system call for each socket. One is enough for all of them: what the cork
 * calls is made once, not for every receiver.
 */
export class FrameSender {
  readonly #compresses: boolean;
  #frames: readonly Frame[] = [];
  #isWhole = true;

  constructor(compresses: boolean) {
    this.#compresses = compresses;
  }

  /** Sends all frames in order; false: the socket did not take all of them. */
  send(socket: BunSocket, frames: readonly Frame[]): boolean {
    this.#frames = frames;
    this.#isWhole = true;
    socket.cork(this.#sendEach);
    return this.#isWhole;
  }

  readonly #sendEach = (socket: BunSocket): void => {
    for (const frame of this.#frames) {
      const { text, bytes } = frame;
      const compress = this.#compresses && bytes.length >= COMPRESS_FROM_BYTES;
      const sent = text === undefined
        ? socket.sendBinary(bytes, compress)
        : socket.sendText(text, compress);
      // 0 is also what Bun says to an empty payload that it sent.
      if (sent === 0 && bytes.length > 0) this.#isWhole = false;
    }
  };
}
