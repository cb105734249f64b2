import type { Dialect } from "../protocol/codec.ts";
import type { Frame } from "../protocol/frame.ts";
import { Backlog } from "./backlog.ts";
import type { Batch } from "./batch.ts";
import type { ConnectionHost } from "./connection_host.ts";
import type { Flushable } from "./flusher.ts";
import { Timed } from "./timer_wheel.ts";
import { isDrainable, type WriteStatus, type WSConn } from "./ws_conn.ts";

/** Whom an outbox tells of its peer, possibly from inside a fan-out; implemented by `Connection`. */
export interface OutboxOwner {
  readonly dialect: Dialect;
  /** The socket takes nothing any more. */
  onLost(): void;
  /** More waits than the peer may have waiting. */
  onOverflow(): void;
  /** The peer has caught up, but `dropped` messages of each room never reached it. */
  onLagging(dropped: ReadonlyMap<string, number>): void;
}

/** A socket that cannot say when it has drained is asked this often. */
const DRAIN_POLL_MS = 100;

/**
 * What one peer is still to be written: gathered until the end of the tick while it keeps up, in a
 * `Backlog` while it does not.
 */
export class Outbox extends Timed implements Flushable {
  readonly #host: ConnectionHost;
  readonly #conn: WSConn;
  readonly #owner: OutboxOwner;
  #isQueued = false;
  /** Present while frames wait for the end of the tick; never together with a backlog. */
  #pending: Batch | undefined;
  /** Present while the peer does not keep up. */
  #backlog: Backlog | undefined;

  constructor(
    host: ConnectionHost,
    options: { readonly conn: WSConn; readonly owner: OutboxOwner },
  ) {
    super();
    this.#host = host;
    this.#conn = options.conn;
    this.#owner = options.owner;
  }

  /** Bytes that wait for the peer, in the hub and in its socket. */
  get bytes(): number {
    return (this.#pending?.bytes ?? 0) + (this.#backlog?.bytes ?? 0) +
      this.#conn.bufferedAmount;
  }

  /**
   * Has a frame written at the end of the tick, behind all earlier ones.
   *
   * The hot path of every fan-out: for a peer that keeps up it allocates nothing.
   */
  push(frame: Frame): void {
    if (this.#backlog !== undefined) {
      this.#pushSlowly(frame, this.#backlog);
      return;
    }
    const pending = this.#pending;
    if (pending === undefined) {
      this.#pending = this.#host.flusher.first(frame);
      if (!this.#isQueued) this.#host.flusher.add(this);
      this.#isQueued = true;
      return;
    }
    const batch = pending.append(frame);
    this.#pending = batch;
    // A burst in one tick is no slow peer: give the socket a chance before the limit judges.
    if (batch.bytes > this.#host.settings.queueBytes / 2) {
      this.#writePending(this.#host.flusher.startedMs);
    }
  }

  flush(startedMs: number): void {
    this.#isQueued = false;
    this.#writePending(startedMs);
  }

  /** The peer has caught up: writes the backlog. */
  drained(): void {
    const backlog = this.#backlog;
    if (backlog === undefined) return;
    this.#backlog = undefined;
    this.#writeBacklog(backlog);
    if (backlog.dropped.size > 0) this.#owner.onLagging(backlog.dropped);
  }

  /**
   * Writes what waits and a last frame behind it, whether or not the peer keeps up. Nothing may be
   * pushed after it.
   *
   * @param options.isHopeless leaves a backlog out: its peer will never read it
   */
  end(
    last: Frame | undefined,
    options: { readonly isHopeless: boolean },
  ): WriteStatus {
    const backlog = this.#backlog;
    if (backlog === undefined) {
      const { flusher } = this.#host;
      if (last !== undefined) {
        this.#pending = this.#pending?.append(last) ?? flusher.first(last);
      }
      return this.#writePending(flusher.startedMs);
    }
    if (options.isHopeless) backlog.take();
    if (last !== undefined) backlog.admit(last, Infinity);
    return this.#writeBacklog(backlog);
  }

  /** Forgets whatever waits. */
  discard(): void {
    this.#pending = undefined;
    this.#backlog = undefined;
    this.#host.wheel.cancel(this);
  }

  /** Asks a socket that does not say by itself whether it has drained. */
  onDue(nowMs: number): number | undefined {
    if (this.#conn.bufferedAmount === 0) this.drained();
    return this.#backlog && nowMs + DRAIN_POLL_MS;
  }

  #pushSlowly(frame: Frame, backlog: Backlog): void {
    const limitBytes = this.#host.settings.queueBytes -
      this.#conn.bufferedAmount;
    if (!backlog.admit(frame, limitBytes)) this.#owner.onOverflow();
  }

  #writePending(startedMs: number): WriteStatus {
    const batch = this.#pending;
    if (batch === undefined) return "ok";
    this.#pending = undefined;
    const status = this.#write(batch.frames(this.#owner.dialect));
    if (status !== "closed") this.#count(batch, startedMs);
    return status;
  }

  #writeBacklog(backlog: Backlog): WriteStatus {
    const { bytes, count, sinceMs } = backlog;
    if (count === 0) return "ok";
    const status = this.#write(backlog.take());
    if (status !== "closed") this.#count({ bytes, count }, sinceMs);
    return status;
  }

  #write(frames: readonly Frame[]): WriteStatus {
    const { clock, counters, wheel } = this.#host;
    const status = this.#conn.write(frames);
    switch (status) {
      case "ok":
        break;
      case "backpressure":
        this.#backlog ??= new Backlog(clock.nowMs(), counters);
        if (!isDrainable(this.#conn)) {
          wheel.schedule(this, clock.nowMs() + DRAIN_POLL_MS);
        }
        break;
      case "closed":
        this.#owner.onLost();
        break;
      default:
        status satisfies never;
    }
    return status;
  }

  #count(
    written: { readonly bytes: number; readonly count: number },
    sinceMs: number,
  ): void {
    const { clock, counters } = this.#host;
    counters.bytesOut += written.bytes;
    counters.deliveryLatency.observe(clock.nowMs() - sinceMs, written.count);
  }
}
