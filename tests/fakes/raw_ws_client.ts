import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import {
  closePayload,
  encodeFrame,
  type FrameFields,
  FrameReader,
  OPCODES,
  type ReceivedFrame,
} from "./raw_ws_frames.ts";
import { until } from "./until.ts";

/** The start line and headers of what a server answered. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface HandshakeOptions {
  /** @default {"/ws"} */
  readonly path?: string;
  /** @default {"GET"} */
  readonly method?: string;
  /** Replace or, with `undefined`, leave out the usual ones. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** For a machine that is busy with other things; none is ever waited out. */
const DEADLINE_MS = 20_000;
const HEADERS_END = "\r\n\r\n";

/**
 * A WebSocket client on a bare TCP socket, for what no well-behaved client does: broken frames,
 * silence, and not reading. It answers nothing by itself, neither pings nor closes.
 *
 * Every wait fails after twenty seconds.
 */
export class RawWsClient {
  readonly #socket: Socket;
  readonly #frames: ReceivedFrame[] = [];
  readonly #reader = new FrameReader();
  #head: Buffer | undefined = Buffer.alloc(0);
  #answer: HttpAnswer | undefined;
  #plain = "";
  #isClosed = false;
  #failure: unknown;

  /** Use `dial` or `connect`. */
  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    // A reset by the server is an end like any other; `closed` tells.
    socket.on("error", (error) => this.#failure ??= error);
    socket.on("close", () => this.#isClosed = true);
  }

  /** Connects, and sends nothing. */
  static async dial(port: number): Promise<RawWsClient> {
    const socket = connect({ port, host: "127.0.0.1" });
    const client = new RawWsClient(socket);
    // Not `socket.connecting`: that is over where the connection was refused, too.
    let isConnected = false;
    socket.once("connect", () => isConnected = true);
    await client.#wait(() => isConnected, `a connection to port ${port}`);
    return client;
  }

  /** Connects and does the opening handshake, whatever comes of it: see `answer`. */
  static async connect(
    port: number,
    options: HandshakeOptions = {},
  ): Promise<RawWsClient> {
    const client = await RawWsClient.dial(port);
    client.sendBytes(handshakeRequest(options));
    await client.nextAnswer();
    return client;
  }

  /** Waits for the head of the answer to the one request sent. */
  async nextAnswer(): Promise<HttpAnswer> {
    await this.#wait(() => this.#answer !== undefined, "an answer");
    return this.answer;
  }

  /** What the server answered to the handshake. */
  get answer(): HttpAnswer {
    if (this.#answer === undefined) {
      throw new Error("Cannot tell the answer: nothing came yet");
    }
    return this.#answer;
  }

  /** What came behind the headers of an answer other than 101. */
  get body(): string {
    return this.#plain;
  }

  /** Frames that came and were not taken by `nextFrame`. */
  get pendingFrames(): number {
    return this.#frames.length;
  }

  /** Bytes that the server's side of TCP has not taken. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  /** Whether the TCP connection is gone. Not noticed while `pause` is on. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Any bytes at all. */
  sendBytes(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Frames, in one write. */
  sendFrames(...frames: FrameFields[]): void {
    this.#socket.write(Buffer.concat(frames.map(encodeFrame)));
  }

  sendText(text: string): void {
    this.sendFrames({ opcode: OPCODES.text, payload: text });
  }

  sendClose(code: number, reason?: string): void {
    this.sendFrames({
      opcode: OPCODES.close,
      payload: closePayload(code, reason),
    });
  }

  /** Reads no more from the socket: TCP fills up, then the server. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** The next frame of any kind. */
  async nextFrame(): Promise<ReceivedFrame> {
    await this.#wait(() => this.#frames.length > 0, "a frame");
    const frame = this.#frames.shift();
    if (frame === undefined) throw new Error("Cannot happen: frame vanished");
    return frame;
  }

  /** The next frame's payload, which must be a whole text message. */
  async nextText(): Promise<string> {
    const { opcode, fin, payload } = await this.nextFrame();
    if (opcode !== OPCODES.text || !fin) {
      throw new Error(`Cannot take a frame as text: opcode is ${opcode}`);
    }
    return payload.toString();
  }

  /** What the next frame, which must be a close frame, says; code 1005 where it says nothing. */
  async nextClose(): Promise<{ code: number; reason: string }> {
    const { opcode, payload } = await this.nextFrame();
    if (opcode !== OPCODES.close) {
      throw new Error(`Cannot take a frame as close: opcode is ${opcode}`);
    }
    if (payload.length === 0) return { code: 1005, reason: "" };
    return {
      code: payload.readUInt16BE(0),
      reason: payload.subarray(2).toString(),
    };
  }

  /** Waits for the end of the TCP connection. */
  async closed(): Promise<void> {
    await this.#wait(() => this.#isClosed, "the end");
  }

  /** Ends our half of TCP. */
  end(): void {
    this.#socket.end();
  }

  /** Gone at once, without a close frame. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Gone at once, with a TCP reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  [Symbol.dispose](): void {
    this.destroy();
  }

  #wait(condition: () => boolean, what: string): Promise<void> {
    const start = performance.now();
    return until(() => {
      if (condition()) return true;
      if (this.#isClosed) {
        throw new Error(`Cannot get ${what}: the connection is gone`, {
          cause: this.#failure,
        });
      }
      return false;
    }, {
      deadlineMs: DEADLINE_MS,
      describe: () =>
        `${what} did not come in ${Math.round(performance.now() - start)} ms`,
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#head === undefined) this.#receiveBody(chunk);
    else this.#receiveHead(Buffer.concat([this.#head, chunk]));
  }

  #receiveHead(head: Buffer): void {
    const end = head.indexOf(HEADERS_END);
    this.#head = end === -1 ? head : undefined;
    if (end === -1) return;
    this.#answer = parseAnswer(head.subarray(0, end).toString("latin1"));
    this.#receiveBody(head.subarray(end + HEADERS_END.length));
  }

  #receiveBody(chunk: Buffer): void {
    if (this.#answer?.status === 101) {
      this.#frames.push(...this.#reader.read(chunk));
    } else this.#plain += chunk.toString();
  }
}

/** An opening handshake as a browser sends it. */
export function handshakeRequest(options: HandshakeOptions = {}): string {
  const { path = "/ws", method = "GET", headers = {} } = options;
  const all: Record<string, string | undefined> = {
    "Host": "127.0.0.1",
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

function parseAnswer(head: string): HttpAnswer {
  const [start = "", ...lines] = head.split("\r\n");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.set(
      line.slice(0, colon).toLowerCase(),
      line.slice(colon + 1).trim(),
    );
  }
  return { status: Number(start.split(" ")[1]), headers };
}
