import { setImmediate } from "node:timers";

/** Gets all frames of a tick at once. */
export interface Receiver<Frame> {
  write(frames: readonly Frame[]): unknown;
}

/**
 * Passes frames on to every other member, as they are and all of a tick together: what is left of a
 * room when there is no hub.
 */
export class RelayRoom<Frame> {
  readonly #members = new Set<Receiver<Frame>>();
  #frames: Frame[] = [];
  #senders: Receiver<Frame>[] = [];

  join(member: Receiver<Frame>): void {
    this.#members.add(member);
  }

  leave(member: Receiver<Frame>): void {
    this.#members.delete(member);
  }

  /** Has the others get a frame at the end of this tick. */
  post(sender: Receiver<Frame>, frame: Frame): void {
    this.#frames.push(frame);
    this.#senders.push(sender);
    if (this.#frames.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const frames = this.#frames;
    const senders = this.#senders;
    this.#frames = [];
    this.#senders = [];
    const ownFrames = new Set(senders);
    for (const member of this.#members) {
      if (!ownFrames.has(member)) {
        member.write(frames);
        continue;
      }
      const others = frames.filter((_, i) => senders[i] !== member);
      if (others.length > 0) member.write(others);
    }
  }
}

/** The rooms of a relay, by name, made when somebody first asks for them. */
export class RelayRooms<Frame> {
  readonly #rooms = new Map<string, RelayRoom<Frame>>();

  get(name: string): RelayRoom<Frame> {
    let room = this.#rooms.get(name);
    if (room === undefined) {
      room = new RelayRoom();
      this.#rooms.set(name, room);
    }
    return room;
  }
}

const ROOM_PATH = /^\/room\/(\w+)$/;

/** What a connection to this path is for: a room by its name, or undefined for having its own frames echoed. */
export function roomOf(path: string): string | undefined {
  return ROOM_PATH.exec(path)?.[1];
}
