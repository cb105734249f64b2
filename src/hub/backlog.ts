import type { Frame } from "../protocol/frame.ts";
import type { HubCounters } from "./counters.ts";

/**
 * What a connection queues to while its peer does not keep up: the frames that wait, oldest first,
 * and the policies of their rooms for when they are too many.
 */
export class Backlog {
  /** When the peer fell behind, on the clock of `nowMs`. */
  readonly sinceMs: number;
  /** Frames dropped so far, by room id. */
  readonly dropped = new Map<string, number>();
  readonly #counters: HubCounters;
  /** Undefined before `#head`, so that what was dropped is not held on to. */
  #frames: (Frame | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  constructor(nowMs: number, counters: HubCounters) {
    this.sinceMs = nowMs;
    this.#counters = counters;
  }

  /** Bytes of all payloads that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#frames.length - this.#head;
  }

  /**
   * Takes a frame in, or does what its room says of a full queue: drops it, or drops others for it.
   *
   * A frame of no room (a reply, a direct message) is never dropped: it drops the oldest of any
   * room that allows dropping.
   *
   * @param limitBytes what may wait here in all, this frame included
   * @returns false where the connection must be closed instead
   */
  admit(frame: Frame, limitBytes: number): boolean {
    const excess = this.#bytes + frame.bytes.length - limitBytes;
    if (excess <= 0) {
      this.#push(frame);
      return true;
    }
    const policy = frame.origin?.slowConsumer;
    switch (policy) {
      case "drop_newest":
        this.#drop(frame, policy);
        break;
      case "drop_oldest":
        if (this.#evict(excess, isDropOldest)) this.#push(frame);
        else this.#drop(frame, policy);
        break;
      case "disconnect":
        this.#counters.slowConsumers.disconnect++;
        return false;
      case undefined:
        if (!this.#evict(excess, isDroppable)) {
          this.#counters.slowConsumers.disconnect++;
          return false;
        }
        this.#push(frame);
        return true;
      default:
        policy satisfies never;
        return false;
    }
    this.#counters.slowConsumers[policy]++;
    return true;
  }

  /** Removes all frames and returns them in order. */
  take(): readonly Frame[] {
    const frames = this.#frames.filter((frame) => frame !== undefined);
    this.#frames = [];
    this.#head = 0;
    this.#bytes = 0;
    return frames;
  }

  #push(frame: Frame): void {
    this.#frames.push(frame);
    this.#bytes += frame.bytes.length;
  }

  #drop(frame: Frame, policy: "drop_oldest" | "drop_newest"): void {
    this.#counters.messagesDropped[policy]++;
    const roomId = frame.origin?.id ?? "";
    this.dropped.set(roomId, (this.dropped.get(roomId) ?? 0) + 1);
  }

  /** Drops the oldest frames that `mayDrop` allows; tells whether `bytes` were freed. */
  #evict(bytes: number, mayDrop: (frame: Frame) => boolean): boolean {
    const goalBytes = this.#bytes - bytes;
    const kept: Frame[] = [];
    let place = this.#head;
    for (; place < this.#frames.length && this.#bytes > goalBytes; place++) {
      const frame = this.#frames[place];
      if (frame === undefined) break;
      this.#frames[place] = undefined;
      if (mayDrop(frame)) {
        this.#bytes -= frame.bytes.length;
        this.#drop(frame, "drop_oldest");
      } else {
        kept.push(frame);
      }
    }
    // The common case, all of one room, only moves the head; what was passed over moves up to it.
    this.#head = place - kept.length;
    for (const [i, frame] of kept.entries()) {
      this.#frames[this.#head + i] = frame;
    }
    if (this.#head > this.#frames.length / 2) {
      this.#frames = this.#frames.slice(this.#head);
      this.#head = 0;
    }
    return this.#bytes <= goalBytes;
  }
}

function isDropOldest(frame: Frame): boolean {
  return frame.origin?.slowConsumer === "drop_oldest";
}

function isDroppable(frame: Frame): boolean {
  return frame.origin !== undefined &&
    frame.origin.slowConsumer !== "disconnect";
}
