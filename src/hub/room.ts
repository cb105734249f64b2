import { HubError } from "../errors.ts";
import type { FrameOrigin } from "../protocol/frame.ts";
import type { Outbound } from "../protocol/message.ts";
import type { Client, Identity } from "./client.ts";
import type { Clock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import type { HubCounters } from "./counters.ts";
import type { RoomInfo } from "./operations.ts";
import { Publication, type SendOptions } from "./publication.ts";
import type { RoomSettings } from "./settings.ts";
import { Timed } from "./timer_wheel.ts";

/** Why somebody is no longer a member, as the others are told. */
export type LeaveReason =
  | "left"
  | "disconnected"
  | "timeout"
  | "slow_consumer"
  | "kicked"
  | "replaced";

/** A client in a room. */
export interface Member {
  readonly client: Client;
  /** Milliseconds since the epoch. */
  readonly joinedAtMs: number;
  /** How many of its connections are in the room. */
  connectionCount: number;
}

/** What a room needs of the hub it belongs to. */
export interface RoomHost {
  readonly clock: Clock;
  readonly counters: HubCounters;
  /** The last member left. */
  onEmpty(room: Room): void;
  /** The time an empty room is kept is over. */
  onExpired(room: Room): void;
}

export interface RoomOptions {
  readonly id: string;
  readonly name?: string | undefined;
  /** Absent: what the namespace says, also after a reload. */
  readonly maxClients?: number | undefined;
  /** Created by a join: goes some time after its last member. */
  readonly isAutomatic: boolean;
  readonly settings: RoomSettings;
}

/** A set of connections that get each other's messages, and the clients behind them. */
export class Room extends Timed implements FrameOrigin {
  readonly id: string;
  readonly name: string;
  readonly isAutomatic: boolean;
  /** What the namespace says; the hub replaces it on a reload. */
  settings: RoomSettings;
  readonly #host: RoomHost;
  readonly #maxClients: number | undefined;
  readonly #members = new Map<string, Member>();
  readonly #connections = new Set<Connection>();

  constructor(host: RoomHost, options: RoomOptions) {
    super();
    this.#host = host;
    this.id = options.id;
    this.name = options.name ?? options.id;
    this.isAutomatic = options.isAutomatic;
    this.settings = options.settings;
    this.#maxClients = options.maxClients;
  }

  /** 0: no limit. */
  get maxClients(): number {
    return this.#maxClients ?? this.settings.maxClients;
  }

  get slowConsumer(): FrameOrigin["slowConsumer"] {
    return this.settings.slowConsumer;
  }

  get memberCount(): number {
    return this.#members.size;
  }

  /** By client id. */
  get members(): ReadonlyMap<string, Member> {
    return this.#members;
  }

  get info(): RoomInfo {
    return {
      id: this.id,
      name: this.name,
      memberCount: this.memberCount,
      maxClients: this.maxClients,
    };
  }

  has(connection: Connection): boolean {
    return this.#connections.has(connection);
  }

  /**
   * Makes a connection a member and tells the others if its client is new here.
   *
   * @throws HubError ALREADY_IN_ROOM, ROOM_FULL, CLIENT_OFFLINE
   */
  join(connection: Connection): void {
    if (this.has(connection)) throw new HubError("ALREADY_IN_ROOM");
    // Nobody would ever take it out again: an asynchronous handler may come late.
    if (connection.state !== "open") throw new HubError("CLIENT_OFFLINE");
    const { client } = connection;
    const member = this.#members.get(client.id);
    if (member !== undefined) {
      member.connectionCount++;
    } else {
      if (this.maxClients > 0 && this.memberCount >= this.maxClients) {
        throw new HubError("ROOM_FULL", { max_clients: this.maxClients });
      }
      this.#members.set(client.id, {
        client,
        joinedAtMs: this.#host.clock.wallMs(),
        connectionCount: 1,
      });
      this.#announce("member_joined", client.identity);
    }
    this.#connections.add(connection);
    connection.rooms.add(this);
  }

  /**
   * Ends a connection's membership and tells the others if it was its client's last.
   *
   * @param reason undefined: nobody is told
   * @returns false where it was no member
   */
  leave(connection: Connection, reason: LeaveReason | undefined): boolean {
    if (!this.#connections.delete(connection)) return false;
    connection.rooms.delete(this);
    const { client } = connection;
    const member = this.#members.get(client.id);
    if (member !== undefined && --member.connectionCount === 0) {
      this.#members.delete(client.id);
      if (reason !== undefined) {
        this.#announce("member_left", client.identity, reason);
      }
      if (this.#members.size === 0) this.#host.onEmpty(this);
    }
    return true;
  }

  /** Ends every membership after sending `farewell`, which no slow consumer drops; nobody hears of the others. */
  dissolve(farewell: Outbound, options?: SendOptions): void {
    this.#publish(farewell, { ...options, origin: undefined });
    for (const connection of this.#connections) connection.rooms.delete(this);
    this.#connections.clear();
    this.#members.clear();
  }

  /**
   * Sends a message to every connection in the room, all in the order of the calls; returns to how
   * many.
   *
   * @throws HubError INVALID_FORMAT, MESSAGE_TOO_LARGE; nobody got it then
   */
  send(message: Outbound, options?: SendOptions): number {
    return this.#publish(message, { ...options, origin: this });
  }

  onDue(): undefined {
    if (this.#members.size === 0) this.#host.onExpired(this);
  }

  #publish(
    message: Outbound,
    options: SendOptions & { readonly origin: FrameOrigin | undefined },
  ): number {
    const { clock, counters } = this.#host;
    const publication = new Publication(message, {
      timestamp: clock.wallMs(),
      origin: options.origin,
    });
    const count = publication.deliverTo(this.#connections, options);
    counters.messagesOut.of(message.type).count += count;
    return count;
  }

  #announce(
    type: "member_joined" | "member_left",
    identity: Identity,
    reason?: LeaveReason,
  ): void {
    if (!this.settings.presence || this.#connections.size === 0) return;
    const { clientId, userId, username } = identity;
    this.send({
      type,
      data: {
        room_id: this.id,
        client_id: clientId,
        user_id: userId,
        username: type === "member_joined" ? username : undefined,
        reason,
      },
    });
  }
}
