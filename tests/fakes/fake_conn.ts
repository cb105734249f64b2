import type {
  SocketEvents,
  WriteStatus,
  WSConn,
} from "../../src/hub/ws_conn.ts";
import type { Frame } from "../../src/protocol/frame.ts";

/** A socket that notes what it is told; knobs decide what it answers. */
export class FakeConn implements WSConn {
  readonly remoteAddress = "127.0.0.1";
  bufferedAmount = 0;
  /** What `write` answers. */
  status: WriteStatus = "ok";
  /** Every array it was given, in order. */
  readonly writes: (readonly Frame[])[] = [];
  closedWith: { code: number; reason: string } | undefined;
  pings = 0;
  isTerminated = false;
  isReading = true;
  readonly announcesDrain = true;
  /** Whom the hub put behind the socket. */
  events: SocketEvents | undefined;

  write(frames: readonly Frame[]): WriteStatus {
    if (this.status === "closed") return "closed";
    this.writes.push(frames);
    return this.status;
  }

  close(code: number, reason: string): void {
    this.closedWith = { code, reason };
  }

  ping(): void {
    this.pings++;
  }

  terminate(): void {
    this.isTerminated = true;
  }

  pause(): void {
    this.isReading = false;
  }

  resume(): void {
    this.isReading = true;
  }

  /** The texts of all frames written so far, in order. */
  get texts(): readonly string[] {
    return this.writes.flat().map((frame) => frame.text ?? "(binary)");
  }

  /** The messages written so far, without their timestamps. */
  get messages(): readonly Record<string, unknown>[] {
    return this.texts.flatMap((text) => text.split("\n")).map((text) => {
      const message: unknown = JSON.parse(text);
      if (typeof message !== "object" || message === null) {
        throw new Error(`Cannot read message: ${text}`);
      }
      return Object.fromEntries(
        Object.entries(message).filter(([name]) => name !== "timestamp"),
      );
    });
  }

  /** Forgets what was written. */
  clear(): void {
    this.writes.length = 0;
  }
}

/** A socket with none of the optional abilities, as the worst runtime has it. */
export class BareConn implements WSConn {
  readonly remoteAddress = "127.0.0.1";
  bufferedAmount = 0;
  status: WriteStatus = "ok";
  readonly frames: Frame[] = [];
  closedWith: { code: number; reason: string } | undefined;

  write(frames: readonly Frame[]): WriteStatus {
    this.frames.push(...frames);
    return this.status;
  }

  close(code: number, reason: string): void {
    this.closedWith = { code, reason };
  }
}
