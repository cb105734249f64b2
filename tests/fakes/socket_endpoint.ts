import type { SocketEvents, WSConn } from "../../src/hub/ws_conn.ts";
import type {
  UpgradeDecision,
  UpgradeRequest,
} from "../../src/runtime/runtime.ts";

/** The hub's side of one socket: remembers what it was told. */
export class SocketRecord implements SocketEvents {
  readonly conn: WSConn;
  /** Messages in the order they came; bytes are copied. */
  readonly received: (string | Uint8Array)[] = [];
  /** What `receive` was told about their size. */
  readonly byteLengths: number[] = [];
  aliveCount = 0;
  drainedCount = 0;
  closes: { readonly code: number; readonly reason: string }[] = [];
  /** Called for each message, after it was recorded. */
  onReceive: (record: SocketRecord) => void = () => {};

  constructor(conn: WSConn) {
    this.conn = conn;
  }

  get isClosed(): boolean {
    return this.closes.length > 0;
  }

  receive(data: string | Uint8Array, byteLength: number): void {
    this.received.push(typeof data === "string" ? data : data.slice());
    this.byteLengths.push(byteLength);
    this.onReceive(this);
  }

  alive(): void {
    this.aliveCount += 1;
  }

  drained(): void {
    this.drainedCount += 1;
  }

  closed(code: number, reason: string): void {
    this.closes.push({ code, reason });
  }
}

/** What a hub gives a listener: decides on upgrades and keeps a record of every socket. */
export class SocketEndpoint {
  readonly records: SocketRecord[] = [];
  /** How many upgrades were asked for. */
  upgradeCount = 0;
  readonly errors: unknown[] = [];
  /** What becomes of the next upgrades; by default they are accepted without a subprotocol. */
  decide: (request: UpgradeRequest) => UpgradeDecision = () => this.accept();
  /** Called while a socket opens. */
  onOpen: (record: SocketRecord) => void = () => {};

  /** The decision to take a socket, and to record it. */
  accept(subprotocol?: string): UpgradeDecision {
    return {
      type: "accept",
      subprotocol,
      open: (conn) => {
        const record = new SocketRecord(conn);
        this.records.push(record);
        this.onOpen(record);
        return record;
      },
    };
  }

  upgrade(request: UpgradeRequest): UpgradeDecision {
    this.upgradeCount += 1;
    return this.decide(request);
  }
}
