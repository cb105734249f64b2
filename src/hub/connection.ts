import { CLOSES, type CloseSpec } from "../errors.ts";
import type { Dialect } from "../protocol/codec.ts";
import type { Frame } from "../protocol/frame.ts";
import type { Outbound } from "../protocol/message.ts";
import type { Client } from "./client.ts";
import type { ConnectionHost } from "./connection_host.ts";
import type { Flushable } from "./flusher.ts";
import { Outbox, type OutboxOwner } from "./outbox.ts";
import { RateLimit } from "./rate_limit.ts";
import type { Room } from "./room.ts";
import { Timed } from "./timer_wheel.ts";
import {
  isPausable,
  isPingable,
  isTerminable,
  type SocketEvents,
  type WSConn,
} from "./ws_conn.ts";

export interface ConnectionOptions {
  readonly id: string;
  readonly client: Client;
  readonly conn: WSConn;
  readonly dialect: Dialect;
  /** What it may do; absent: what anonymous clients may, as configured at any moment. */
  readonly permissions?: ReadonlySet<string>;
}

/** Where a connection stands; drawn above `Connection`. */
export type ConnectionState = "open" | "closing" | "closed";

/** What a socket that went without a close frame is said to have closed with (RFC 6455 §7.1.5). */
const LOST: CloseSpec = { code: 1006, reason: "connection lost" };

const MINUTE_MS = 60_000;

/**
 * One socket and its state.
 *
 *     open ── close() ──▶ closing ── socket gone, or close timeout ──▶ closed
 *      └───────────────── socket gone ─────────────────────────────────▲
 *
 * `open`: in its rooms; takes and gives messages. `closing`: already out of all rooms and of the
 * hub's index by the hub's own decision, whatever the socket says later (on some runtimes it never
 * says anything); waits for the peer's half of the close handshake. `closed`: done with.
 */
export class Connection extends Timed
  implements SocketEvents, OutboxOwner, Flushable {
  readonly id: string;
  readonly client: Client;
  readonly dialect: Dialect;
  readonly connectedAtMs: number;
  /** Rooms it is in; changed by `Room` alone. */
  readonly rooms = new Set<Room>();
  readonly #host: ConnectionHost;
  readonly #conn: WSConn;
  readonly #outbox: Outbox;
  readonly #permissions: ReadonlySet<string> | undefined;
  #state: ConnectionState = "open";
  /** Why it goes at the end of this tick. */
  #verdict: CloseSpec | undefined;
  #isPaused = false;
  #lastSeenMs: number;
  #lastPingMs: number;
  /** When its silence was last noticed. */
  #doubtedMs = 0;
  #messageRate: RateLimit | undefined;
  /** When the messages of the last minute came that could not be read; present if there was one. */
  #invalidAtMs: number[] | undefined;

  constructor(host: ConnectionHost, options: ConnectionOptions) {
    super();
    this.#host = host;
    this.id = options.id;
    this.client = options.client;
    this.dialect = options.dialect;
    this.#conn = options.conn;
    this.#outbox = new Outbox(host, { conn: options.conn, owner: this });
    this.#permissions = options.permissions;
    this.connectedAtMs = host.clock.wallMs();
    this.#lastSeenMs = host.clock.nowMs();
    this.#lastPingMs = this.#lastSeenMs;
    host.wheel.schedule(this, this.#nextCheckMs());
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Whether messages from the peer are still handled: it is open, and not about to be closed. */
  get isListening(): boolean {
    return this.#state === "open" && this.#verdict === undefined;
  }

  get remoteAddress(): string {
    return this.#conn.remoteAddress;
  }

  /** Bytes that wait for this peer, in the hub and in its socket. */
  get queuedBytes(): number {
    return this.#outbox.bytes;
  }

  can(permission: string): boolean {
    const permissions = this.#permissions ??
      this.#host.settings.anonymousPermissions;
    return permissions.has(permission);
  }

  /**
   * Encodes a message for this connection alone and has it written at the end of the tick.
   *
   * @throws HubError INVALID_FORMAT where it cannot be encoded
   */
  send(message: Outbound): void {
    if (this.#state === "open") this.#outbox.push(this.#encode(message));
  }

  /** The same, for clients that negotiated a subprotocol; a plain client gets nothing unasked. */
  notify(type: string, data: unknown): void {
    if (this.dialect.subprotocol !== undefined) this.send({ type, data });
  }

  /** Has a shared frame written at the end of the tick, behind all earlier ones. */
  deliver(frame: Frame): void {
    if (this.#state === "open") this.#outbox.push(frame);
  }

  /**
   * Leaves all rooms, tells the peer why, and starts the close handshake behind what was queued.
   * Harmless on a connection that is not open.
   *
   * @param notice more for a subprotocol client's `disconnecting`, say `reconnect_after_ms`
   */
  close(spec: CloseSpec, notice: Readonly<Record<string, unknown>> = {}): void {
    if (this.#state !== "open") return;
    const { code, reason } = spec;
    const farewell = this.dialect.subprotocol === undefined
      ? undefined
      : this.#encode({
        type: "disconnecting",
        data: { code, reason, ...notice },
      });
    const status = this.#outbox.end(farewell, {
      isHopeless: code === CLOSES.SLOW_CONSUMER.code,
    });
    if (status === "closed") {
      this.closed(LOST.code, LOST.reason);
      return;
    }
    // A socket that does not read would not see the peer's half of the handshake.
    this.resume();
    this.#leave(spec);
    const { clock, settings, wheel } = this.#host;
    wheel.schedule(this, clock.nowMs() + settings.closeTimeoutMs);
    this.#conn.close(code, reason);
  }

  /** Closes at the end of the tick, so that a fan-out never closes whom it is walking over. */
  closeSoon(spec: CloseSpec): void {
    if (!this.isListening) return;
    this.#verdict = spec;
    this.#host.flusher.add(this);
  }

  /** Carries out what `closeSoon` was asked for. */
  flush(): void {
    const verdict = this.#verdict;
    if (verdict === LOST) this.closed(LOST.code, LOST.reason);
    else if (verdict !== undefined) this.close(verdict);
  }

  /** Reads no further where the socket can do that; until `resume` the peer's silence is not held against it. */
  pause(): void {
    if (this.#isPaused || this.#state !== "open") return;
    if (!isPausable(this.#conn)) return;
    this.#isPaused = true;
    this.#conn.pause();
  }

  resume(): void {
    if (!this.#isPaused || this.#state !== "open") return;
    this.#isPaused = false;
    this.#lastSeenMs = this.#host.clock.nowMs();
    if (isPausable(this.#conn)) this.#conn.resume();
  }

  /** Whether one more message is within the connection's rate; takes it from the allowance. */
  takeMessage(): boolean {
    const { messagesPerSecond, messageBurst } = this.#host.settings;
    if (messagesPerSecond === 0) return true;
    const burst = messageBurst === 0 ? messagesPerSecond : messageBurst;
    const nowMs = this.#host.clock.nowMs();
    this.#messageRate ??= new RateLimit(burst, nowMs);
    return this.#messageRate.take(nowMs, {
      perSecond: messagesPerSecond,
      burst,
    });
  }

  /** Counts a message that could not be read; too many of them in a minute close the connection. */
  countInvalid(): void {
    const { counters, clock, settings } = this.#host;
    counters.invalidMessages++;
    const limit = settings.invalidPerMinute;
    if (limit === 0) return;
    const nowMs = clock.nowMs();
    this.#invalidAtMs =
      this.#invalidAtMs?.filter((at) => at > nowMs - MINUTE_MS) ?? [];
    this.#invalidAtMs.push(nowMs);
    // The last one is answered and then closes: nobody waits for one more.
    if (this.#invalidAtMs.length >= limit) {
      this.closeSoon(CLOSES.BAD_PROTOCOL);
    }
  }

  receive(data: string | Uint8Array, byteLength: number): void {
    if (this.#state !== "open") return;
    this.#lastSeenMs = this.#host.clock.nowMs();
    this.#host.counters.bytesIn += byteLength;
    // The socket has a limit of its own, which a reload may have left behind.
    if (byteLength > this.#host.settings.maxMessageBytes) {
      this.closeSoon(CLOSES.TOO_BIG);
    }
    if (this.isListening) this.#host.receive(this, data);
  }

  alive(): void {
    this.#lastSeenMs = this.#host.clock.nowMs();
  }

  drained(): void {
    this.#outbox.drained();
  }

  closed(code: number, reason: string): void {
    if (this.#state === "closed") return;
    if (this.#state === "open") this.#leave({ code, reason });
    this.#finish();
  }

  onLost(): void {
    this.closeSoon(LOST);
  }

  onOverflow(): void {
    if (!this.isListening) return;
    this.#host.counters.slowConsumers.disconnect++;
    this.closeSoon(CLOSES.SLOW_CONSUMER);
  }

  onLagging(dropped: ReadonlyMap<string, number>): void {
    for (const [roomId, count] of dropped) {
      this.notify("lagging", { room_id: roomId, dropped: count });
    }
  }

  onDue(nowMs: number): number | undefined {
    if (this.#state === "closed") return undefined;
    if (this.#state === "closing") {
      this.#finish();
      if (isTerminable(this.#conn)) this.#conn.terminate();
      return undefined;
    }
    const { idleTimeoutMs, pingIntervalMs } = this.#host.settings;
    if (this.#expectsLife && nowMs - this.#lastSeenMs >= idleTimeoutMs) {
      if (this.#doubtedMs > this.#lastSeenMs) {
        this.close(CLOSES.HEARTBEAT_TIMEOUT);
        return undefined;
      }
      // After a pause of the whole process timers come before what sockets received: read that first.
      this.#doubtedMs = nowMs;
      return nowMs + 1;
    }
    if (nowMs - this.#lastPingMs >= pingIntervalMs) {
      this.#lastPingMs = nowMs;
      this.#ping();
    }
    return this.#nextCheckMs();
  }

  /** Whether silence means that the peer is gone: only where it had something to answer. */
  get #expectsLife(): boolean {
    if (this.#isPaused) return false;
    return isPingable(this.#conn) || this.dialect.subprotocol !== undefined;
  }

  #nextCheckMs(): number {
    const { pingIntervalMs, idleTimeoutMs } = this.#host.settings;
    const pingMs = this.#lastPingMs + pingIntervalMs;
    return this.#expectsLife
      ? Math.min(pingMs, this.#lastSeenMs + idleTimeoutMs)
      : pingMs;
  }

  #ping(): void {
    if (isPingable(this.#conn)) this.#conn.ping();
    else this.notify("ping", { ts: this.#host.clock.wallMs() });
  }

  #encode(message: Outbound): Frame {
    const { clock, counters } = this.#host;
    const frame = this.dialect.codec.encode(message, {
      timestamp: clock.wallMs(),
    });
    counters.messagesOut.of(message.type).count++;
    return frame;
  }

  #leave(spec: CloseSpec): void {
    this.#state = "closing";
    this.#outbox.discard();
    this.#host.onLeft(this, spec);
  }

  #finish(): void {
    this.#state = "closed";
    this.#host.wheel.cancel(this);
    this.#host.onClosed(this);
  }
}
