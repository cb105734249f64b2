import type { Frame } from "../protocol/frame.ts";
import type { HubCounters } from "./counters.ts";

/** What is looked for in a full backlog: frames that may give way to one of a `drop_oldest` room, or to any. */
type Search = "drop_oldest" | "droppable";

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
  /** Undefined where one was dropped. */
  #frames: (Frame | undefined)[] = [];
  #count = 0;
  #bytes = 0;
  /** How far each search has come: what it passed it need not look at again. */
  readonly #passed: Record<Search, number> = { drop_oldest: 0, droppable: 0 };

  constructor(nowMs: number, counters: HubCounters) {
    this.sinceMs = nowMs;
    this.#counters = counters;
  }

  /** Bytes of all payloads that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Takes a frame in, or does what its room says of a full queue: drops it, or drops others for it.
   *
   * A frame of no room (a reply, a direct message) is never dropped: it drops the oldest of any
   * room that allows dropping. Costs the same however many frames wait, on average.
   *
   * @param limitBytes what may wait here in all, this frame included
   * @returns false where the connection must be closed instead
   */
  admit(frame: Frame, limitBytes: number): boolean {
    const goalBytes = limitBytes - frame.bytes.length;
    if (this.#bytes <= goalBytes) {
      this.#push(frame);
      return true;
    }
    const policy = frame.origin?.slowConsumer;
    switch (policy) {
      case "drop_newest":
        this.#drop(frame, policy);
        break;
      case "drop_oldest":
        if (this.#evict(goalBytes, "drop_oldest")) this.#push(frame);
        else this.#drop(frame, policy);
        break;
      case "disconnect":
        return false;
      case undefined:
        if (!this.#evict(goalBytes, "droppable")) return false;
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
    this.#setFrames([]);
    this.#count = 0;
    this.#bytes = 0;
    return frames;
  }

  #push(frame: Frame): void {
    this.#frames.push(frame);
    this.#count++;
    this.#bytes += frame.bytes.length;
  }

  #drop(frame: Frame, policy: "drop_oldest" | "drop_newest"): void {
    this.#counters.messagesDropped[policy]++;
    const roomId = frame.origin?.id ?? "";
    this.dropped.set(roomId, (this.dropped.get(roomId) ?? 0) + 1);
  }

  /** Drops the oldest frames that may be, until `goalBytes` are left; tells whether it came to that. */
  #evict(goalBytes: number, search: Search): boolean {
    // Nothing is lost for a frame that has no place in an empty queue either.
    if (goalBytes < 0) return false;
    let place = this.#passed[search];
    for (; place < this.#frames.length && this.#bytes > goalBytes; place++) {
      const frame = this.#frames[place];
      if (frame === undefined || !mayDrop(frame, search)) continue;
      this.#frames[place] = undefined;
      this.#count--;
      this.#bytes -= frame.bytes.length;
      this.#drop(frame, "drop_oldest");
    }
    this.#passed[search] = place;
    if (this.#count < this.#frames.length / 2) {
      this.#setFrames(this.#frames.filter((frame) => frame !== undefined));
    }
    return this.#bytes <= goalBytes;
  }

  #setFrames(frames: Frame[]): void {
    this.#frames = frames;
    this.#passed.drop_oldest = 0;
    this.#passed.droppable = 0;
  }
}

function mayDrop(frame: Frame, search: Search): boolean {
  const policy = frame.origin?.slowConsumer;
  return policy === "drop_oldest" ||
    (policy === "drop_newest" && search === "droppable");
}
