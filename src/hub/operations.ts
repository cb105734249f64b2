/** A page of a listing; pass `nextCursor` on to get the next one, absent on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

export interface PageRequest {
  /** `nextCursor` of the page before; entries that came or went between two pages may be missed, none is repeated. */
  readonly cursor?: string | undefined;
  /** At most this many items, 1 to 1,000. */
  readonly limit: number;
}

export interface RoomInfo {
  readonly id: string;
  readonly name: string;
  /** Clients in the room, however many connections each has. */
  readonly memberCount: number;
  /** 0: no limit. */
  readonly maxClients: number;
}

export interface MemberInfo {
  readonly clientId: string;
  readonly userId?: string;
  readonly username?: string;
  /** Milliseconds since the epoch. */
  readonly joinedAt: number;
}

export interface ConnectionInfo {
  readonly id: string;
  readonly remoteAddress: string;
  /** The subprotocol it speaks; undefined for the plain dialect. */
  readonly subprotocol: string | undefined;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  readonly rooms: readonly string[];
  readonly queuedBytes: number;
}

export interface ClientInfo {
  readonly id: string;
  readonly userId?: string;
  readonly username?: string;
  readonly connections: readonly ConnectionInfo[];
}

export interface NewRoom {
  readonly id: string;
  readonly name?: string | undefined;
  /** 0: no limit; absent: the namespace's. */
  readonly maxClients?: number | undefined;
}

/**
 * What a backend or an operator may do to a hub, whoever asks: HTTP, a handler module, an embedding
 * program. Failures are `HubError`s.
 */
export interface HubOperations {
  readonly clientCount: number;
  readonly connectionCount: number;
  readonly roomCount: number;
  /** By id, in code point order. */
  listRooms(request: PageRequest): Page<RoomInfo>;
  /** @throws HubError ROOM_NOT_FOUND */
  roomInfo(roomId: string): RoomInfo;
  /** @throws HubError ROOM_EXISTS, INVALID_ROOM_ID, TOO_MANY */
  createRoom(room: NewRoom): RoomInfo;
  /** Tells the members and removes the room. @throws HubError ROOM_NOT_FOUND */
  deleteRoom(roomId: string): void;
  /** By client id. @throws HubError ROOM_NOT_FOUND */
  listMembers(roomId: string, request: PageRequest): Page<MemberInfo>;
  /**
   * Sends `room_message` to every member; returns to how many connections.
   * @throws HubError ROOM_NOT_FOUND, MESSAGE_TOO_LARGE
   */
  publish(
    roomId: string,
    content: unknown,
    options?: { readonly senderId?: string },
  ): number;
  /** By client id. */
  listClients(
    request: PageRequest & {
      readonly userId?: string | undefined;
      readonly roomId?: string | undefined;
    },
  ): Page<ClientInfo>;
  /** @throws HubError CLIENT_NOT_FOUND */
  clientInfo(clientId: string): ClientInfo;
  /**
   * Closes all connections of a client, or one of them, with 4503; returns how many.
   * @throws HubError CLIENT_NOT_FOUND
   */
  kick(
    clientId: string,
    options?: { readonly connectionId?: string | undefined },
  ): number;
  /**
   * Sends `direct_message` to every connection of a client; returns to how many.
   * @throws HubError CLIENT_NOT_FOUND
   */
  sendToClient(
    clientId: string,
    content: unknown,
    options?: { readonly senderId?: string },
  ): number;
  /**
   * The same, addressed by account: to every connection of the user. A client without an account is
   * found by its client id. @throws HubError CLIENT_NOT_FOUND
   */
  sendToUser(
    userId: string,
    content: unknown,
    options?: { readonly senderId?: string },
  ): number;
  /**
   * Sends `broadcast` to every connection; returns to how many. With `raw` a string goes to plain
   * clients as the frame's whole text.
   */
  broadcast(
    content: unknown,
    options?: { readonly senderId?: string; readonly raw?: boolean },
  ): number;
}
