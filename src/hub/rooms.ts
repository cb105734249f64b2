import { HubError } from "../errors.ts";
import { isRoomId, namespaceOf } from "../protocol/message.ts";
import type { Clock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import type { HubCounters } from "./counters.ts";
import type { NewRoom } from "./operations.ts";
import { Room, type RoomHost } from "./room.ts";
import type { HubSettings, RoomSettings } from "./settings.ts";
import type { TimerWheel } from "./timer_wheel.ts";

export interface RoomsOptions {
  readonly clock: Clock;
  readonly counters: HubCounters;
  readonly wheel: TimerWheel;
  settings(): HubSettings;
}

/** Every room of the hub by id: made, found, and taken away here alone. */
export class Rooms implements RoomHost {
  readonly clock: Clock;
  readonly counters: HubCounters;
  readonly #wheel: TimerWheel;
  readonly #settings: () => HubSettings;
  readonly #rooms = new Map<string, Room>();

  constructor(options: RoomsOptions) {
    this.clock = options.clock;
    this.counters = options.counters;
    this.#wheel = options.wheel;
    this.#settings = options.settings;
  }

  get count(): number {
    return this.#rooms.size;
  }

  /** The ids of all rooms, in no order. */
  ids(): Iterable<string> {
    return this.#rooms.keys();
  }

  /** @throws HubError ROOM_NOT_FOUND, INVALID_ROOM_ID */
  get(id: string): Room {
    const room = this.#rooms.get(id);
    if (room !== undefined) return room;
    throw new HubError(isRoomId(id) ? "ROOM_NOT_FOUND" : "INVALID_ROOM_ID");
  }

  /**
   * The room for somebody who joins: made on the spot where its namespace says so.
   *
   * @throws HubError ROOM_NOT_FOUND, INVALID_ROOM_ID, TOO_MANY
   */
  getOrCreate(id: string): Room {
    const room = this.#rooms.get(id);
    if (room !== undefined) return room;
    if (!isRoomId(id)) throw new HubError("INVALID_ROOM_ID");
    if (!this.#settingsOf(id).autoCreate) throw new HubError("ROOM_NOT_FOUND");
    return this.#add({ id }, true);
  }

  /**
   * Makes a room that stays until somebody deletes it.
   *
   * @throws HubError ROOM_EXISTS, INVALID_ROOM_ID, TOO_MANY
   */
  create(room: NewRoom): Room {
    if (!isRoomId(room.id)) throw new HubError("INVALID_ROOM_ID");
    if (this.#rooms.has(room.id)) throw new HubError("ROOM_EXISTS");
    return this.#add(room, false);
  }

  /**
   * Tells the members (but `except`, who knows) and takes the room away.
   *
   * @throws HubError ROOM_NOT_FOUND, INVALID_ROOM_ID
   */
  delete(id: string, except?: Connection): void {
    const room = this.get(id);
    room.dissolve(
      { type: "room_deleted", data: { room_id: id } },
      { except },
    );
    this.#remove(room);
  }

  /** Gives every room what its namespace says now. */
  configure(): void {
    for (const room of this.#rooms.values()) {
      room.settings = this.#settingsOf(room.id);
      if (room.memberCount === 0) this.onEmpty(room);
    }
  }

  onEmpty(room: Room): void {
    if (!room.isAutomatic) return;
    this.#wheel.schedule(
      room,
      this.clock.nowMs() + room.settings.emptyTtlMs,
    );
  }

  onExpired(room: Room): void {
    this.#remove(room);
  }

  #add(room: NewRoom, isAutomatic: boolean): Room {
    const { maxRooms } = this.#settings();
    if (maxRooms > 0 && this.#rooms.size >= maxRooms) {
      throw new HubError("TOO_MANY", { max_rooms: maxRooms });
    }
    const added = new Room(this, {
      ...room,
      isAutomatic,
      settings: this.#settingsOf(room.id),
    });
    this.#rooms.set(room.id, added);
    this.counters.roomsCreated++;
    // A join that fails would leave it empty for good.
    this.onEmpty(added);
    return added;
  }

  #remove(room: Room): void {
    this.#wheel.cancel(room);
    this.#rooms.delete(room.id);
    this.counters.roomsRemoved++;
  }

  #settingsOf(roomId: string): RoomSettings {
    const { namespaces, roomDefaults } = this.#settings();
    return namespaces.get(namespaceOf(roomId)) ?? roomDefaults;
  }
}
