import type { TcpSocket } from "../bun_tcp.ts";
import { concat, TcpSender } from "../tcp_sender.ts";
import { pongFrame, textFrame } from "./client_frame.ts";
import type { Member } from "./dialects.ts";
import { FOUND, type MessageReader } from "./message_reader.ts";
import type { Swarm } from "./swarm.ts";

const HEADERS_END = "\r\n\r\n";
/** Any 16 bytes would do (RFC 6455 §4.1): nobody caches here. */
const WEBSOCKET_KEY = "AAAAAAAAAAAAAAAAAAAAAA==";

/**
 * A client on a raw socket.
 *
 *     upgrading ── 101 ──▶ joining ── told so ──▶ joined
 */
export class LoadConnection {
  readonly member: Member;
  /** Resolves when the server said that it is in its room, or at once where it has none. */
  readonly joined: Promise<void>;
  readonly #swarm: Swarm;
  readonly #resolveJoined: () => void;
  #state: "upgrading" | "joining" | "joined" = "upgrading";
  #sender: TcpSender | undefined;
  #rest: Uint8Array | undefined;

  constructor(swarm: Swarm, member: Member) {
    this.#swarm = swarm;
    this.member = member;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.joined = promise;
    this.#resolveJoined = resolve;
  }

  /** Sends frames; `bytes` may be used again after the call. */
  send(bytes: Uint8Array): void {
    this.#sender?.send(bytes);
  }

  /** Ends the load: nothing can be measured once a connection is lost. */
  fail(reason: string): void {
    const { clientId } = this.member;
    this.#swarm.options.onFailure(
      new Error(`Cannot go on: connection ${clientId} failed: ${reason}`),
    );
  }

  /** For the socket's handlers alone, as are all below. */
  opened(socket: TcpSocket<LoadConnection>): void {
    this.#sender = new TcpSender(socket);
    const { host, port, dialect } = this.#swarm.options;
    const protocol = dialect.subprotocol === undefined
      ? ""
      : `Sec-WebSocket-Protocol: ${dialect.subprotocol}\r\n`;
    this.send(
      encoder.encode(
        `GET ${dialect.target(this.member)} HTTP/1.1\r\n` +
          `Host: ${host}:${port}\r\n` +
          "Connection: Upgrade\r\nUpgrade: websocket\r\n" +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${WEBSOCKET_KEY}\r\n` +
          `${protocol}\r\n`,
      ),
    );
  }

  read(chunk: Uint8Array): void {
    const frames = this.#state === "upgrading" ? this.#upgrade(chunk) : chunk;
    if (frames === undefined) return;
    const { reader, sink } = this.#swarm;
    reader.feed(frames, this.#rest);
    for (
      let found = reader.next();
      found !== FOUND.nothing;
      found = reader.next()
    ) {
      if (found === FOUND.stamped) sink?.received(this, reader);
      else this.#answer(found, reader);
    }
    this.#rest = reader.rest();
    sink?.readEnded();
  }

  drained(): void {
    this.#sender?.drained();
  }

  closed(): void {
    this.fail("closed by the server");
  }

  /** Takes the answer to the upgrade; returns the frames behind it, undefined while it is not whole. */
  #upgrade(chunk: Uint8Array): Uint8Array | undefined {
    const bytes = this.#rest === undefined ? chunk : concat(this.#rest, chunk);
    const text = latin1.decode(bytes);
    const end = text.indexOf(HEADERS_END);
    if (end < 0) {
      this.#rest = bytes.slice();
      return undefined;
    }
    this.#rest = undefined;
    if (!text.startsWith("HTTP/1.1 101 ")) {
      this.fail(`not upgraded: ${text.slice(0, text.indexOf("\r\n"))}`);
      return undefined;
    }
    const { dialect } = this.#swarm.options;
    const hello = dialect.hello(this.member);
    this.#state = "joining";
    if (hello === undefined) this.#join();
    else this.send(textFrame(hello));
    return bytes.subarray(end + HEADERS_END.length);
  }

  #answer(found: number, reader: MessageReader): void {
    if (found === FOUND.ping) return this.send(pongFrame(reader.payload()));
    if (found === FOUND.close) return this.fail("close frame");
    const text = reader.text();
    const reaction = this.#swarm.options.dialect.react(text, this.member);
    switch (reaction.type) {
      case "nothing":
        return;
      case "say":
        return this.send(textFrame(reaction.text));
      case "joined":
        return this.#join();
      case "failed":
        return this.fail(text);
      default:
        return reaction satisfies never;
    }
  }

  #join(): void {
    this.#state = "joined";
    this.#resolveJoined();
  }
}

const encoder = new TextEncoder();
const latin1 = new TextDecoder("latin1");
