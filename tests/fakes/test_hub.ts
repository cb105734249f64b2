import { Dispatcher, Turns } from "../../src/dispatcher/mod.ts";
import { registerHandlers } from "../../src/handlers/mod.ts";
import { type Connection, Hub, Operator } from "../../src/hub/mod.ts";
import type { Identity } from "../../src/hub/client.ts";
import type { HubSettings, RoomSettings } from "../../src/hub/settings.ts";
import type { Dialect } from "../../src/protocol/codec.ts";
import { PLAIN } from "../../src/protocol/dialects.ts";
import { FakeClock } from "./fake_clock.ts";
import { type BareConn, FakeConn } from "./fake_conn.ts";
import { FakeLogger } from "./fake_logger.ts";

export const ROOM_DEFAULTS: RoomSettings = {
  autoCreate: true,
  maxClients: 0,
  presence: true,
  echo: false,
  emptyTtlMs: 60_000,
  slowConsumer: "disconnect",
};

const ALL_PERMISSIONS = [
  "read:message",
  "send:message",
  "create:room",
  "delete:room",
  "join:room",
  "leave:room",
  "direct:message",
  "broadcast:message",
  "read:presence",
];

export const SETTINGS: HubSettings = {
  pingIntervalMs: 25_000,
  idleTimeoutMs: 60_000,
  closeTimeoutMs: 5_000,
  writeDelayMs: 0,
  queueBytes: 1_048_576,
  maxMessageBytes: 65_536,
  duplicateClientId: "allow",
  maxConnections: 0,
  maxRooms: 0,
  roomsPerConnection: 256,
  connectionsPerClient: 0,
  messagesPerSecond: 0,
  messageBurst: 0,
  invalidPerMinute: 10,
  anonymousPermissions: new Set(ALL_PERMISSIONS),
  roomDefaults: ROOM_DEFAULTS,
  namespaces: new Map(),
};

/** A client of a `TestHub`: its connection and the socket behind it. */
export interface TestClient<Conn extends BareConn = BareConn> {
  readonly connection: Connection;
  readonly conn: Conn;
}

/** A whole hub without a runtime: sockets are fakes, time is set by hand. */
export class TestHub {
  readonly clock = new FakeClock();
  readonly logger = new FakeLogger();
  readonly hub: Hub;
  readonly operator: Operator;
  readonly dispatcher: Dispatcher;
  handlerTimeoutMs = 30_000;

  constructor(settings: Partial<HubSettings> = {}) {
    const { clock, logger } = this;
    this.hub = new Hub({
      nodeId: "node-1",
      clock,
      logger,
      settings: { ...SETTINGS, ...settings },
      receive: (connection, data) => turns.receive(connection, data),
    });
    this.operator = new Operator(this.hub);
    this.dispatcher = new Dispatcher({
      clock,
      logger,
      counters: this.hub.counters,
      handlerTimeoutMs: () => this.handlerTimeoutMs,
    });
    const turns = new Turns({
      dispatch: (connection, message) =>
        this.dispatcher.dispatch(connection, message),
      waitingBytes: () => this.hub.settings.queueBytes,
    });
    registerHandlers(this.dispatcher, this);
  }

  /** Connects a client; what the hub greets it with is already forgotten. */
  connect(
    clientId: string,
    options: { readonly dialect?: Dialect } = {},
  ): TestClient<FakeConn> {
    return this.connectBy(new FakeConn(), { clientId, ...options });
  }

  /** The same, over a given socket. */
  connectBy<Conn extends BareConn>(
    conn: Conn,
    options: Identity & { readonly dialect?: Dialect },
  ): TestClient<Conn> {
    const { dialect = PLAIN, ...identity } = options;
    const connection = this.hub.connect({ conn, dialect, identity });
    conn.events = connection;
    this.clock.tick();
    conn.clear();
    return { connection, conn };
  }

  /** Has a client send one frame, and ends the tick. */
  send(client: TestClient, message: unknown): void {
    const text = typeof message === "string"
      ? message
      : JSON.stringify(message);
    client.connection.receive(text, new TextEncoder().encode(text).length);
    this.clock.tick();
  }

  /** Has clients join a room; what that makes them hear is already forgotten. */
  join(roomId: string, ...clients: TestClient[]): void {
    for (const { connection } of clients) this.hub.join(connection, roomId);
    this.clock.tick();
    for (const { conn } of clients) conn.clear();
  }
}
