import type { CloseSpec } from "../errors.ts";
import { CLOSES } from "../errors.ts";
import type { Dialect } from "../protocol/codec.ts";
import type { Frame } from "../protocol/frame.ts";
import type { Outbound } from "../protocol/message.ts";
import { Backlog } from "./backlog.ts";
import type { Batch } from "./batch.ts";
import type { Client, Identity } from "./client.ts";
import type { ConnectionHost } from "./connection_host.ts";
import { RateLimit } from "./rate_limit.ts";
import type { Room } from "./room.ts";
import { Timed } from "./timer_wheel.ts";
import {
  isDrainable,
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

/** A socket that cannot say when it has drained is asked this often. */
const DRAIN_POLL_MS = 100;

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
export class Connection extends Timed implements SocketEvents {
  readonly id: string;
  readonly client: Client;
  readonly dialect: Dialect;
  readonly connectedAtMs: number;
  /** Rooms it is in; changed by `Room` alone. */
  readonly rooms = new Set<Room>();
  readonly #host: ConnectionHost;
  readonly #conn: WSConn;
  readonly #permissions: ReadonlySet<string> | undefined;
  #state: ConnectionState = "open";
  /** Why it must be closed at the end of this tick. */
  #verdict: CloseSpec | undefined;
  #pending: Batch | undefined;
  #isQueued = false;
  #isPaused = false;
  /** Present while the peer does not keep up. */
  #backlog: Backlog | undefined;
  #lastSeenMs: number;
  #lastPingMs: number;
  #closeDeadlineMs = 0;
  #messageRate: RateLimit | undefined;
  #invalidRate: RateLimit | undefined;

  constructor(host: ConnectionHost, options: ConnectionOptions) {
    super();
    this.#host = host;
    this.id = options.id;
    this.client = options.client;
    this.dialect = options.dialect;
    this.#conn = options.conn;
    this.#permissions = options.permissions;
    this.connectedAtMs = host.clock.wallMs();
    this.#lastSeenMs = host.clock.nowMs();
    this.#lastPingMs = this.#lastSeenMs;
    host.wheel.schedule(this, this.#nextCheckMs(this.#lastSeenMs));
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get identity(): Identity {
    return this.client.identity;
  }

  get remoteAddress(): string {
    return this.#conn.remoteAddress;
  }

  /** Bytes that wait for this peer, in the hub and in its socket. */
  get queuedBytes(): number {
    return (this.#pending?.bytes ?? 0) + (this.#backlog?.bytes ?? 0) +
      this.#conn.bufferedAmount;
  }

  can(permission: string): boolean {
    const permissions = this.#permissions ??
      this.#host.settings.anonymousPermissions;
    return permissions.has(permission);
  }

  /** Encodes a message for this connection alone and has it written at the end of the tick. */
  send(message: Outbound): void {
    if (this.#state !== "open") return;
    this.#host.counters.messagesOut.of(message.type).count++;
    this.deliver(
      this.dialect.codec.encode(message, {
        timestamp: this.#host.clock.wallMs(),
      }),
    );
  }

  /** The same, for clients that negotiated a subprotocol; a plain client gets nothing unasked. */
  notify(type: string, data: unknown): void {
    if (this.dialect.subprotocol !== undefined) this.send({ type, data });
  }

  /**
   * Has a shared frame written at the end of the tick, behind all earlier ones.
   *
   * The hot path of every fan-out: for a peer that keeps up it allocates nothing.
   */
  deliver(frame: Frame): void {
    if (this.#state !== "open") return;
    if (this.#backlog !== undefined) {
      this.#deliverSlowly(frame, this.#backlog);
      return;
    }
    const pending = this.#pending;
    if (pending === undefined) {
      this.#pending = this.#host.flusher.first(frame);
      this.#queueFlush();
      return;
    }
    const next = pending.append(frame);
    this.#pending = next;
    // A burst in one tick is no slow peer: give the socket a chance before the limit judges.
    if (next.bytes > this.#host.settings.queueBytes / 2) this.#flushPending();
  }

  /** Called by the flusher at the end of a tick. */
  flush(): void {
    this.#isQueued = false;
    if (this.#verdict !== undefined) {
      this.close(this.#verdict);
      return;
    }
    this.#flushPending();
  }

  /** Writes what this tick collected, now. */
  #flushPending(): void {
    const batch = this.#pending;
    if (batch === undefined) return;
    this.#pending = undefined;
    const { clock, counters, flusher } = this.#host;
    this.#write(batch.frames(this.dialect));
    counters.bytesOut += batch.bytes;
    counters.deliveryLatency.observe(
      clock.nowMs() - flusher.startedMs,
      batch.count,
    );
  }

  /**
   * Leaves all rooms, tells the peer why, and starts the close handshake behind what was queued.
   * Harmless on a connection that is not open.
   *
   * @param notice more for a subprotocol client's `disconnecting`, say `reconnect_after_ms`
   */
  close(spec: CloseSpec, notice: Readonly<Record<string, unknown>> = {}): void {
    if (this.#state !== "open") return;
    this.notify("disconnecting", {
      code: spec.code,
      reason: spec.reason,
      ...notice,
    });
    this.#flushPending();
    this.#flushBacklog(spec);
    if (this.#state !== "open") return;
    // A socket that does not read would not see the peer's half of the handshake.
    this.resume();
    this.#leave(spec);
    this.#conn.close(spec.code, spec.reason);
    const { clock, settings, wheel } = this.#host;
    this.#closeDeadlineMs = clock.nowMs() + settings.closeTimeoutMs;
    wheel.schedule(this, this.#closeDeadlineMs);
  }

  /** Closes at the end of the tick, so that a fan-out never closes whom it is walking over. */
  closeSoon(spec: CloseSpec): void {
    if (this.#verdict !== undefined || this.#state !== "open") return;
    this.#verdict = spec;
    this.#queueFlush();
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
    this.#messageRate ??= new RateLimit(burst, this.#host.clock.nowMs());
    return this.#messageRate.take(this.#host.clock.nowMs(), {
      perSecond: messagesPerSecond,
      burst,
    });
  }

  /** Counts a message that could not be read; too many of them in a minute close the connection. */
  countInvalid(): void {
    const { counters, clock, settings } = this.#host;
    counters.invalidMessages++;
    const burst = settings.invalidPerMinute;
    if (burst === 0) return;
    this.#invalidRate ??= new RateLimit(burst, clock.nowMs());
    const rate = { perSecond: burst / 60, burst };
    // The last one allowed is answered and then closes: nobody waits for the eleventh.
    if (
      !this.#invalidRate.take(clock.nowMs(), rate) || this.#invalidRate.isEmpty
    ) {
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
      return;
    }
    if (this.#verdict === undefined) this.#host.receive(this, data);
  }

  alive(): void {
    this.#lastSeenMs = this.#host.clock.nowMs();
  }

  drained(): void {
    const backlog = this.#backlog;
    if (this.#state !== "open" || backlog === undefined) return;
    const { clock, counters } = this.#host;
    this.#backlog = undefined;
    for (const [roomId, dropped] of backlog.dropped) {
      this.notify("lagging", { room_id: roomId, dropped });
    }
    if (backlog.count === 0) return;
    counters.bytesOut += backlog.bytes;
    counters.deliveryLatency.observe(
      clock.nowMs() - backlog.sinceMs,
      backlog.count,
    );
    this.#write(backlog.take());
  }

  closed(code: number, reason: string): void {
    if (this.#state === "closed") return;
    if (this.#state === "open") {
      this.#leave({ code, reason });
    }
    this.#finish();
  }

  onDue(nowMs: number): number | undefined {
    if (this.#state === "closed") return undefined;
    if (this.#state === "closing") {
      if (nowMs < this.#closeDeadlineMs) return this.#closeDeadlineMs;
      if (isTerminable(this.#conn)) this.#conn.terminate();
      this.#finish();
      return undefined;
    }
    if (
      this.#expectsLife &&
      nowMs - this.#lastSeenMs >= this.#host.settings.idleTimeoutMs
    ) {
      this.close(CLOSES.HEARTBEAT_TIMEOUT);
      return undefined;
    }
    if (nowMs - this.#lastPingMs >= this.#host.settings.pingIntervalMs) {
      this.#lastPingMs = nowMs;
      this.#ping();
    }
    if (
      this.#backlog !== undefined && !isDrainable(this.#conn) &&
      this.#conn.bufferedAmount === 0
    ) {
      this.drained();
    }
    return this.#nextCheckMs(nowMs);
  }

  /** Whether silence means that the peer is gone: only where it had something to answer. */
  get #expectsLife(): boolean {
    if (this.#isPaused) return false;
    return isPingable(this.#conn) || this.dialect.subprotocol !== undefined;
  }

  #nextCheckMs(nowMs: number): number {
    const { pingIntervalMs, idleTimeoutMs } = this.#host.settings;
    let next = this.#lastPingMs + pingIntervalMs;
    if (this.#expectsLife) {
      next = Math.min(next, this.#lastSeenMs + idleTimeoutMs);
    }
    if (this.#backlog !== undefined && !isDrainable(this.#conn)) {
      next = Math.min(next, nowMs + DRAIN_POLL_MS);
    }
    return next;
  }

  #ping(): void {
    if (isPingable(this.#conn)) this.#conn.ping();
    else this.notify("ping", { ts: this.#host.clock.wallMs() });
  }

  #queueFlush(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#host.flusher.add(this);
  }

  #write(frames: readonly Frame[]): void {
    const status = this.#conn.write(frames);
    switch (status) {
      case "ok":
        return;
      case "backpressure":
        if (this.#backlog === undefined && this.#state === "open") {
          this.#backlog = new Backlog(
            this.#host.clock.nowMs(),
            this.#host.counters,
          );
          if (!isDrainable(this.#conn)) {
            const { clock, wheel } = this.#host;
            wheel.schedule(this, this.#nextCheckMs(clock.nowMs()));
          }
        }
        return;
      case "closed":
        this.closed(LOST.code, LOST.reason);
        return;
      default:
        status satisfies never;
    }
  }

  #deliverSlowly(frame: Frame, backlog: Backlog): void {
    if (this.#verdict !== undefined) return;
    const limitBytes = this.#host.settings.queueBytes -
      this.#conn.bufferedAmount;
    if (!backlog.admit(frame, limitBytes)) this.closeSoon(CLOSES.SLOW_CONSUMER);
  }

  /** What a peer that keeps up some day still gets; for a slow consumer there is no such day. */
  #flushBacklog(spec: CloseSpec): void {
    const backlog = this.#backlog;
    if (backlog === undefined || spec.code === CLOSES.SLOW_CONSUMER.code) {
      return;
    }
    if (backlog.count > 0) this.#write(backlog.take());
  }

  #leave(spec: CloseSpec): void {
    this.#state = "closing";
    this.#host.onLeft(this, spec);
    this.#pending = undefined;
    this.#backlog = undefined;
  }

  #finish(): void {
    this.#state = "closed";
    this.#host.wheel.cancel(this);
    this.#host.onClosed(this);
  }
}
