/**
 * The least a server can do, on Bun and raw TCP, to see how much the load can take:
 *
 *     bun bench/servers/ceiling.ts
 *
 * The same service as bare.ts, but it checks nothing, and what a room gets is joined to one piece of
 * bytes that is written as it is. Prints the address it listens on, as JSON.
 */
import { createHash } from "node:crypto";
import process from "node:process";
import { bunTcp, type TcpSocket } from "../bun_tcp.ts";
import { concat, TcpSender } from "../tcp_sender.ts";
import {
  type Receiver,
  type RelayRoom,
  RelayRooms,
  roomOf,
} from "./relay_room.ts";

const HEADERS_END = "\r\n\r\n";
const MASK_BYTES = 4;
/** RFC 6455 §1.3. */
const ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const OPCODE_BITS = 0x0f;
const TEXT = 1;

/** Joins frames, and remembers the last result: all members of a room ask for the same. */
class Joiner {
  #frames: readonly Uint8Array[] = [];
  #bytes = new Uint8Array(0);

  join(frames: readonly Uint8Array[]): Uint8Array {
    if (frames !== this.#frames) {
      this.#frames = frames;
      this.#bytes = new Uint8Array(
        frames.reduce((sum, frame) => sum + frame.length, 0),
      );
      let at = 0;
      for (const frame of frames) {
        this.#bytes.set(frame, at);
        at += frame.length;
      }
    }
    return this.#bytes;
  }
}

class CeilingConnection implements Receiver<Uint8Array> {
  readonly #sender: TcpSender;
  readonly #shared: Shared;
  #room: RelayRoom<Uint8Array> | undefined;
  #rest = new Uint8Array(0);
  #isUpgraded = false;

  constructor(socket: TcpSocket<unknown>, shared: Shared) {
    this.#sender = new TcpSender(socket);
    this.#shared = shared;
  }

  write(frames: readonly Uint8Array[]): void {
    this.#sender.send(this.#shared.joiner.join(frames));
  }

  read(chunk: Uint8Array): void {
    const bytes = concat(this.#rest, chunk);
    let at = this.#isUpgraded ? 0 : this.#upgrade(bytes);
    if (this.#isUpgraded) {
      for (
        let end = frameEnd(bytes, at);
        end <= bytes.length;
        end = frameEnd(bytes, at)
      ) {
        this.#pass(bytes.subarray(at, end));
        at = end;
      }
    }
    this.#rest = bytes.slice(at);
  }

  drained(): void {
    this.#sender.drained();
  }

  closed(): void {
    this.#room?.leave(this);
  }

  /** Returns where the frames start; 0 while the headers are not whole. */
  #upgrade(bytes: Uint8Array): number {
    const text = new TextDecoder("latin1").decode(bytes);
    const end = text.indexOf(HEADERS_END);
    if (end < 0) return 0;
    const path = /^GET (\S+)/.exec(text)?.[1] ?? "";
    const key = /^sec-websocket-key: (\S+)/im.exec(text)?.[1] ?? "";
    const accept = createHash("sha1").update(key + ACCEPT_SUFFIX)
      .digest("base64");
    this.#sender.send(
      new TextEncoder().encode(
        "HTTP/1.1 101 Switching Protocols\r\n" +
          "Upgrade: websocket\r\nConnection: Upgrade\r\n" +
          `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
      ),
    );
    const name = roomOf(path);
    if (name !== undefined) {
      this.#room = this.#shared.rooms.get(name);
      this.#room.join(this);
    }
    this.#isUpgraded = true;
    return end + HEADERS_END.length;
  }

  #pass(frame: Uint8Array): void {
    if (((frame[0] ?? 0) & OPCODE_BITS) !== TEXT) return;
    const unmasked = withoutMask(frame);
    if (this.#room === undefined) this.#sender.send(unmasked);
    else this.#room.post(this, unmasked);
  }
}

interface Shared {
  readonly rooms: RelayRooms<Uint8Array>;
  readonly joiner: Joiner;
}

/** Bytes before the masking key of a frame that starts at `at`; the load sends none of 64 KiB or more. */
function lengthBytes(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 1] ?? 0) & 0x7f) < 126 ? 2 : 4;
}

/** Where a frame ends, which may be behind the end of the bytes. */
function frameEnd(bytes: Uint8Array, at: number): number {
  if (bytes.length - at < 4) return Infinity;
  const header = lengthBytes(bytes, at);
  const length = header === 2
    ? (bytes[at + 1] ?? 0) & 0x7f
    : (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
  return at + header + MASK_BYTES + length;
}

/** The frame as a server sends it. The load's masking key is zero: the payload stays as it is. */
function withoutMask(frame: Uint8Array): Uint8Array {
  const header = lengthBytes(frame, 0);
  const bytes = new Uint8Array(frame.length - MASK_BYTES);
  bytes.set(frame.subarray(0, header));
  bytes[1] = (bytes[1] ?? 0) & 0x7f;
  bytes.set(frame.subarray(header + MASK_BYTES), header);
  return bytes;
}

const shared: Shared = { rooms: new RelayRooms(), joiner: new Joiner() };
const { port } = bunTcp().listen<CeilingConnection>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open(socket) {
      socket.data = new CeilingConnection(socket, shared);
    },
    data: (socket, chunk) => socket.data.read(chunk),
    drain: (socket) => socket.data.drained(),
    close: (socket) => socket.data.closed(),
    error: (_socket, error) => void process.stderr.write(`${error}\n`),
  },
});
process.stdout.write(`${JSON.stringify({ address: `127.0.0.1:${port}` })}\n`);
