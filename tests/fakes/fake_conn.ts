import type {
  SocketEvents,
  WriteStatus,
  WSConn,
} from "../../src/hub/ws_conn.ts";
import type { Frame } from "../../src/protocol/frame.ts";

/** The fields of what must be an object. @throws Error where it is none */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`Cannot read fields: ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(Object.entries(value));
}

/**
 * A socket that notes what it is told; knobs decide what it answers. It has none of the optional
 * abilities, as the worst runtime has it.
 */
export class BareConn implements WSConn {
  readonly remoteAddress = "127.0.0.1";
  bufferedAmount = 0;
  /** What `write` answers. */
  status: WriteStatus = "ok";
  /** Every array it was given, in order. */
  readonly writes: (readonly Frame[])[] = [];
  closedWith: { code: number; reason: string } | undefined;
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

  /** The texts of all frames written so far, in order. */
  get texts(): readonly string[] {
    return this.writes.flat().map((frame) => frame.text ?? "(binary)");
  }

  /** The messages written so far, without their timestamps. */
  get messages(): readonly Record<string, unknown>[] {
    return this.texts.flatMap((text) => text.split("\n")).map((text) => {
      const { timestamp: _, ...message } = fieldsOf(JSON.parse(text));
      return message;
    });
  }

  /** The types of the messages written so far. */
  get types(): readonly unknown[] {
    return this.messages.map((message) => message["message_type"]);
  }

  /** Forgets what was written. */
  clear(): void {
    this.writes.length = 0;
  }
}

/** A socket with every ability. */
export class FakeConn extends BareConn {
  readonly announcesDrain = true;
  pings = 0;
  isTerminated = false;
  isReading = true;

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
}
