import { CLOSES, type CloseSpec, HubError } from "../errors.ts";
import type { Dialect } from "../protocol/codec.ts";
import type { Outbound } from "../protocol/message.ts";
import { Client, type Identity } from "./client.ts";
import type { Clock } from "./clock.ts";
import { Connection } from "./connection.ts";
import type { ConnectionHost } from "./connection_host.ts";
import { HubCounters } from "./counters.ts";
import { Flusher } from "./flusher.ts";
import type { Logger } from "./logger.ts";
import { Publication, type SendOptions } from "./publication.ts";
import type { LeaveReason, Room } from "./room.ts";
import { Rooms } from "./rooms.ts";
import type { HubSettings } from "./settings.ts";
import { TimerWheel } from "./timer_wheel.ts";
import type { WSConn } from "./ws_conn.ts";

export interface HubOptions {
  readonly nodeId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: HubSettings;
  /** Gets every message of every open connection, in its order. Must not throw. */
  receive(connection: Connection, data: string | Uint8Array): void;
}

/** Somebody who has a socket and wants to be a connection. */
export interface ConnectOptions {
  readonly conn: WSConn;
  readonly dialect: Dialect;
  readonly identity: Identity;
  /** What it may do; absent: what anonymous clients may. */
  readonly permissions?: ReadonlySet<string>;
}

export interface DrainOptions {
  /** Clients are told to come back after a random time up to this. */
  readonly reconnectWithinMs: number;
}

/** A drain closes this many connections a tick, so that what they are told leaves in between. */
const DRAIN_STEP = 500;

/** After a reload live connections are looked at again within this time, spread over it. */
const RECONFIGURE_WITHIN_MS = 500;

/**
 * The index of this node's connections, clients and rooms.
 *
 * Everything happens inside calls from sockets, from handlers and from the clock, one at a time;
 * nothing here waits.
 */
export class Hub implements ConnectionHost {
  readonly nodeId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counters = new HubCounters();
  readonly flusher: Flusher;
  readonly wheel: TimerWheel;
  readonly rooms: Rooms;
  #settings: HubSettings;
  readonly #receive: HubOptions["receive"];
  readonly #clients = new Map<string, Client>();
  readonly #connections = new Map<string, Connection>();
  /** Given up, and not yet confirmed by their sockets. */
  readonly #closing = new Set<Connection>();
  #isDraining = false;

  constructor(options: HubOptions) {
    this.nodeId = options.nodeId;
    this.clock = options.clock;
    this.logger = options.logger;
    this.#settings = options.settings;
    this.#receive = options.receive;
    const onError = (err: unknown) => {
      this.logger.error({ err }, "hub failed to finish a step");
    };
    this.wheel = new TimerWheel(this.clock, onError);
    this.flusher = new Flusher(this.clock, {
      delayMs: () => this.#settings.writeDelayMs,
      onError,
    });
    this.rooms = new Rooms({
      clock: this.clock,
      counters: this.counters,
      wheel: this.wheel,
      settings: () => this.#settings,
    });
  }

  get settings(): HubSettings {
    return this.#settings;
  }

  /** By client id. */
  get clients(): ReadonlyMap<string, Client> {
    return this.#clients;
  }

  /** By connection id. */
  get connections(): ReadonlyMap<string, Connection> {
    return this.#connections;
  }

  /** Sockets that were given up and have not gone yet. */
  get closingCount(): number {
    return this.#closing.size;
  }

  /** Bytes that wait for all peers, in the hub and in their sockets. */
  get queuedBytes(): number {
    let bytes = 0;
    for (const connection of this.#connections.values()) {
      bytes += connection.queuedBytes;
    }
    return bytes;
  }

  get isFull(): boolean {
    const { maxConnections } = this.#settings;
    return maxConnections > 0 && this.#connections.size >= maxConnections;
  }

  /**
   * Takes an open socket in, or closes it where its client has too many connections or the hub
   * is draining.
   *
   * @returns whom the socket's events go to
   */
  connect(options: ConnectOptions): Connection {
    // Accepted before the drain began, open only now.
    if (this.#isDraining) return this.refuse(options, CLOSES.DRAINING);
    const { duplicateClientId, connectionsPerClient } = this.#settings;
    const known = this.#clients.get(options.identity.clientId);
    if (known !== undefined) {
      if (duplicateClientId === "replace") {
        for (const older of [...known.connections]) {
          older.close(CLOSES.REPLACED);
        }
      } else if (
        duplicateClientId === "reject" ||
        (connectionsPerClient > 0 &&
          known.connections.length >= connectionsPerClient)
      ) {
        return this.refuse(options, CLOSES.TOO_MANY_CONNECTIONS);
      }
    }
    const client = this.#clientOf(options.identity);
    const connection = this.#connection(options, client);
    client.connections.push(connection);
    this.#connections.set(connection.id, connection);
    connection.notify("welcome", {
      client_id: client.id,
      connection_id: connection.id,
      node_id: this.nodeId,
      ping_interval_ms: this.#settings.pingIntervalMs,
      max_message_bytes: this.#settings.maxMessageBytes,
      session: crypto.randomUUID(),
    });
    return connection;
  }

  /** Closes an open socket that never became part of the hub. */
  refuse(options: ConnectOptions, spec: CloseSpec): Connection {
    const connection = this.#connection(options, new Client(options.identity));
    connection.close(spec);
    return connection;
  }

  /**
   * Puts a connection into a room, making the room where its namespace says so.
   *
   * @throws HubError ROOM_NOT_FOUND, INVALID_ROOM_ID, ALREADY_IN_ROOM, ROOM_FULL, TOO_MANY,
   * CLIENT_OFFLINE
   */
  join(connection: Connection, roomId: string): Room {
    const { roomsPerConnection } = this.#settings;
    if (
      roomsPerConnection > 0 && connection.rooms.size >= roomsPerConnection
    ) {
      throw new HubError("TOO_MANY", {
        rooms_per_connection: roomsPerConnection,
      });
    }
    const room = this.rooms.getOrCreate(roomId);
    room.join(connection);
    return room;
  }

  /**
   * Sends a message to any connections, all in the order of the calls; returns to how many.
   *
   * @throws HubError INVALID_FORMAT, MESSAGE_TOO_LARGE; nobody got it then
   */
  send(
    message: Outbound,
    connections: Iterable<Connection>,
    options?: SendOptions,
  ): number {
    const publication = new Publication(message, {
      timestamp: this.clock.wallMs(),
    });
    const count = publication.deliverTo(connections, options);
    this.counters.messagesOut.of(message.type).count += count;
    return count;
  }

  /** Replaces the settings, for live connections and rooms too; nobody is dropped by it. */
  configure(settings: HubSettings): void {
    this.#settings = settings;
    this.rooms.configure();
    const nowMs = this.clock.nowMs();
    let i = 0;
    for (const connection of this.#connections.values()) {
      const shareMs = RECONFIGURE_WITHIN_MS * i++ / this.#connections.size;
      this.wheel.schedule(connection, nowMs + shareMs);
    }
  }

  /**
   * Tells every client that this node goes away and closes with 4000. Nobody hears of the members
   * who leave by it: they all leave.
   *
   * @returns once every connection was told and closed; the sockets may take until the close timeout
   */
  async drain(options: DrainOptions): Promise<void> {
    this.#isDraining = true;
    let step = 0;
    for (const connection of [...this.#connections.values()]) {
      connection.close(CLOSES.DRAINING, {
        reconnect_after_ms: Math.round(
          Math.random() * options.reconnectWithinMs,
        ),
      });
      if (++step % DRAIN_STEP === 0) {
        await new Promise<void>((resolve) => this.clock.defer(resolve));
      }
    }
  }

  /** Stops every timer. Connections that are left are the listener's to drop. */
  dispose(): void {
    this.wheel.stop();
  }

  receive(connection: Connection, data: string | Uint8Array): void {
    this.#receive(connection, data);
  }

  onLeft(connection: Connection, spec: CloseSpec): void {
    const reason = this.#isDraining ? undefined : leaveReason(spec);
    for (const room of [...connection.rooms]) room.leave(connection, reason);
    const { client } = connection;
    const place = client.connections.indexOf(connection);
    if (place >= 0) {
      client.connections.splice(place, 1);
      if (client.connections.length === 0) this.#clients.delete(client.id);
    }
    this.#connections.delete(connection.id);
    this.#closing.add(connection);
    this.counters.connectionsClosed.of(spec.code).count++;
    this.logger.debug({
      connection_id: connection.id,
      client_id: client.id,
      code: spec.code,
      reason: spec.reason,
    }, "connection closed");
  }

  onClosed(connection: Connection): void {
    this.#closing.delete(connection);
  }

  #clientOf(identity: Identity): Client {
    let client = this.#clients.get(identity.clientId);
    if (client === undefined) {
      client = new Client(identity);
      this.#clients.set(client.id, client);
    }
    return client;
  }

  #connection(options: ConnectOptions, client: Client): Connection {
    this.counters.connectionsOpened++;
    return new Connection(this, {
      id: crypto.randomUUID(),
      client,
      conn: options.conn,
      dialect: options.dialect,
      ...(options.permissions && { permissions: options.permissions }),
    });
  }
}

function leaveReason(spec: CloseSpec): LeaveReason {
  switch (spec.code) {
    case CLOSES.KICKED.code:
      return "kicked";
    case CLOSES.REPLACED.code:
      return "replaced";
    case CLOSES.SLOW_CONSUMER.code:
      return "slow_consumer";
    case CLOSES.HEARTBEAT_TIMEOUT.code:
      return "timeout";
    default:
      return "disconnected";
  }
}
