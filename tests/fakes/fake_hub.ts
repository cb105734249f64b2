import { HubError } from "../../src/errors.ts";
import type {
  ClientInfo,
  HubOperations,
  MemberInfo,
  NewRoom,
  Page,
  PageRequest,
  RoomInfo,
} from "../../src/hub/operations.ts";

export interface HubCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** A hub that holds what a test puts in, and keeps every call. */
export class FakeHub implements HubOperations {
  readonly calls: HubCall[] = [];
  readonly rooms = new Map<string, RoomInfo>();
  readonly members: MemberInfo[] = [];
  readonly clients = new Map<string, ClientInfo>();
  /** Thrown by every call while it is set. */
  failure: { readonly thrown: unknown } | undefined;
  /** Where every listing says to go on. */
  nextCursor: string | undefined;
  /** Returned by everything that sends. */
  delivered = 1;

  get clientCount(): number {
    return this.clients.size;
  }

  get connectionCount(): number {
    let count = 0;
    for (const client of this.clients.values()) {
      count += client.connections.length;
    }
    return count;
  }

  get roomCount(): number {
    return this.rooms.size;
  }

  addRoom(id: string, room: Partial<RoomInfo> = {}): void {
    this.rooms.set(id, {
      id,
      name: id,
      memberCount: 0,
      maxClients: 0,
      ...room,
    });
  }

  addClient(id: string, client: Partial<ClientInfo> = {}): void {
    this.clients.set(id, {
      id,
      connections: [{
        id: `${id}-1`,
        remoteAddress: "192.0.2.1",
        subprotocol: undefined,
        connectedAt: 1_700_000_000_000,
        rooms: ["lobby"],
        queuedBytes: 0,
      }],
      ...client,
    });
  }

  /** The arguments of the only call of a name. */
  argsOf(name: string): readonly unknown[] {
    const calls = this.calls.filter((call) => call.name === name);
    const [call] = calls;
    if (call === undefined || calls.length > 1) {
      throw new Error(
        `Cannot tell the arguments of ${name}: it was called ${calls.length} times`,
      );
    }
    return call.args;
  }

  listRooms(request: PageRequest): Page<RoomInfo> {
    this.#record("listRooms", request);
    return this.#page([...this.rooms.values()]);
  }

  roomInfo(roomId: string): RoomInfo {
    this.#record("roomInfo", roomId);
    return this.#room(roomId);
  }

  createRoom(room: NewRoom): RoomInfo {
    this.#record("createRoom", room);
    if (this.rooms.has(room.id)) throw new HubError("ROOM_EXISTS");
    this.addRoom(room.id, {
      ...(room.name !== undefined && { name: room.name }),
      ...(room.maxClients !== undefined && { maxClients: room.maxClients }),
    });
    return this.#room(room.id);
  }

  deleteRoom(roomId: string): void {
    this.#record("deleteRoom", roomId);
    this.#room(roomId);
    this.rooms.delete(roomId);
  }

  listMembers(roomId: string, request: PageRequest): Page<MemberInfo> {
    this.#record("listMembers", roomId, request);
    this.#room(roomId);
    return this.#page(this.members);
  }

  publish(
    roomId: string,
    content: unknown,
    options?: { readonly senderId?: string },
  ): number {
    this.#record("publish", roomId, content, options);
    this.#room(roomId);
    return this.delivered;
  }

  listClients(
    request: PageRequest & {
      readonly userId?: string | undefined;
      readonly roomId?: string | undefined;
    },
  ): Page<ClientInfo> {
    this.#record("listClients", request);
    return this.#page([...this.clients.values()]);
  }

  clientInfo(clientId: string): ClientInfo {
    this.#record("clientInfo", clientId);
    return this.#client(clientId);
  }

  kick(
    clientId: string,
    options?: { readonly connectionId?: string | undefined },
  ): number {
    this.#record("kick", clientId, options);
    return this.#client(clientId).connections.length;
  }

  sendToClient(
    clientId: string,
    content: unknown,
    options?: { readonly senderId?: string },
  ): number {
    this.#record("sendToClient", clientId, content, options);
    this.#client(clientId);
    return this.delivered;
  }

  sendToUser(
    userId: string,
    content: unknown,
    options?: { readonly senderId?: string },
  ): number {
    this.#record("sendToUser", userId, content, options);
    this.#client(userId);
    return this.delivered;
  }

  broadcast(
    content: unknown,
    options?: { readonly senderId?: string; readonly raw?: boolean },
  ): number {
    this.#record("broadcast", content, options);
    return this.delivered;
  }

  #record(name: string, ...args: readonly unknown[]): void {
    this.calls.push({ name, args });
    if (this.failure !== undefined) throw this.failure.thrown;
  }

  #page<T>(items: readonly T[]): Page<T> {
    const { nextCursor } = this;
    return nextCursor === undefined ? { items } : { items, nextCursor };
  }

  #room(roomId: string): RoomInfo {
    const room = this.rooms.get(roomId);
    if (room === undefined) throw new HubError("ROOM_NOT_FOUND");
    return room;
  }

  #client(clientId: string): ClientInfo {
    const client = this.clients.get(clientId);
    if (client === undefined) throw new HubError("CLIENT_NOT_FOUND");
    return client;
  }
}
