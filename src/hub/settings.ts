import type { FrameOrigin } from "../protocol/frame.ts";

/** What a namespace says of its rooms. */
export interface RoomSettings {
  /** Whether joining a room that does not exist creates it. */
  readonly autoCreate: boolean;
  /** Clients a room takes; 0: no limit. */
  readonly maxClients: number;
  /** Whether members hear of who joins and leaves. */
  readonly presence: boolean;
  /** Whether a sender gets its own `room_message` back. */
  readonly echo: boolean;
  /** How long an automatically created room outlives its last member. */
  readonly emptyTtlMs: number;
  readonly slowConsumer: FrameOrigin["slowConsumer"];
}

/** What happens when a client that is connected connects again. */
export type DuplicatePolicy = "allow" | "replace" | "reject";

/** Everything about a hub that can change while it runs; replaced whole by `Hub.configure`. */
export interface HubSettings {
  readonly pingIntervalMs: number;
  readonly idleTimeoutMs: number;
  /** How long a peer has to finish a close handshake. */
  readonly closeTimeoutMs: number;
  /** 0: written at the end of the tick. */
  readonly writeDelayMs: number;
  /** Bytes a connection may have queued, in the hub and in its socket. */
  readonly queueBytes: number;
  readonly maxMessageBytes: number;
  readonly duplicateClientId: DuplicatePolicy;
  /** Here and below, 0: no limit. */
  readonly maxConnections: number;
  readonly maxRooms: number;
  readonly roomsPerConnection: number;
  readonly connectionsPerClient: number;
  /** Messages a connection may send in a second, on average. */
  readonly messagesPerSecond: number;
  /** Messages a connection may send at once; 0: as many as in a second. */
  readonly messageBurst: number;
  /** Messages that cannot be read which a connection may send in a minute before it is closed. */
  readonly invalidPerMinute: number;
  readonly anonymousPermissions: ReadonlySet<string>;
  /** What a room has whose namespace says nothing. */
  readonly roomDefaults: RoomSettings;
  /** By namespace. */
  readonly namespaces: ReadonlyMap<string, RoomSettings>;
}
