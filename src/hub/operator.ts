import { CLOSES, HubError } from "../errors.ts";
import { Frame } from "../protocol/frame.ts";
import type { Client } from "./client.ts";
import type { Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";
import {
  broadcastMessage,
  type Content,
  directMessage,
  roomMessage,
} from "./messages.ts";
import type {
  ClientInfo,
  ConnectionInfo,
  HubOperations,
  MemberInfo,
  NewRoom,
  Page,
  PageRequest,
  RoomInfo,
} from "./operations.ts";
import { pageOf } from "./page.ts";
import type { Member } from "./room.ts";

/** The hub as a backend or an operator sees it. Contract: `HubOperations`. */
export class Operator implements HubOperations {
  readonly #hub: Hub;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  get clientCount(): number {
    return this.#hub.clients.size;
  }

  get connectionCount(): number {
    return this.#hub.connections.size;
  }

  get roomCount(): number {
    return this.#hub.rooms.count;
  }

  listRooms(request: PageRequest): Page<RoomInfo> {
    const { rooms } = this.#hub;
    return page(rooms.ids(), request, (id) => rooms.get(id).info);
  }

  roomInfo(roomId: string): RoomInfo {
    return this.#hub.rooms.get(roomId).info;
  }

  createRoom(room: NewRoom): RoomInfo {
    return this.#hub.rooms.create(room).info;
  }

  deleteRoom(roomId: string): void {
    this.#hub.rooms.delete(roomId);
  }

  listMembers(roomId: string, request: PageRequest): Page<MemberInfo> {
    const { members } = this.#hub.rooms.get(roomId);
    return page(members.keys(), request, (id) => {
      const member = members.get(id);
      return member && memberInfo(member);
    });
  }

  publish(
    roomId: string,
    content: unknown,
    options: { readonly senderId?: string } = {},
  ): number {
    return this.#hub.rooms.get(roomId).send(
      roomMessage(roomId, this.#content(content, options.senderId)),
      { maxBytes: this.#hub.settings.maxMessageBytes },
    );
  }

  listClients(
    request: PageRequest & {
      readonly userId?: string | undefined;
      readonly roomId?: string | undefined;
    },
  ): Page<ClientInfo> {
    const { clients, rooms } = this.#hub;
    const { roomId, userId } = request;
    let ids = roomId === undefined
      ? clients.keys()
      : rooms.get(roomId).members.keys();
    if (userId !== undefined) {
      ids = ids.filter((id) => clients.get(id)?.identity.userId === userId);
    }
    return page(ids, request, (id) => {
      const client = clients.get(id);
      return client && clientInfo(client);
    });
  }

  clientInfo(clientId: string): ClientInfo {
    return clientInfo(this.#client(clientId));
  }

  kick(
    clientId: string,
    options: { readonly connectionId?: string | undefined } = {},
  ): number {
    const { connectionId } = options;
    const connections = this.#client(clientId).connections.filter((it) =>
      connectionId === undefined || it.id === connectionId
    );
    if (connections.length === 0) throw new HubError("CLIENT_NOT_FOUND");
    for (const connection of connections) connection.close(CLOSES.KICKED);
    return connections.length;
  }

  sendToClient(
    clientId: string,
    content: unknown,
    options: { readonly senderId?: string } = {},
  ): number {
    return this.#hub.send(
      directMessage(this.#content(content, options.senderId)),
      this.#client(clientId).connections,
      { maxBytes: this.#hub.settings.maxMessageBytes },
    );
  }

  sendToUser(
    userId: string,
    content: unknown,
    options: { readonly senderId?: string } = {},
  ): number {
    // A token's user id is the client id too (`docs/protocol.md`), so one look-up finds both.
    return this.sendToClient(userId, content, options);
  }

  broadcast(
    content: unknown,
    options: { readonly senderId?: string; readonly raw?: boolean } = {},
  ): number {
    const message = broadcastMessage(this.#content(content, options.senderId));
    const { connections, settings } = this.#hub;
    const limit = { maxBytes: settings.maxMessageBytes };
    if (options.raw !== true || typeof content !== "string") {
      return this.#hub.send(message, connections.values(), limit);
    }
    const enveloped = this.#hub.send(
      message,
      connections.values().filter((it) => !isPlain(it)),
      limit,
    );
    return enveloped + this.#sendRaw(content, limit.maxBytes);
  }

  #sendRaw(text: string, maxBytes: number): number {
    const frame = new Frame(text);
    if (frame.bytes.length > maxBytes) {
      throw new HubError("MESSAGE_TOO_LARGE", { max_bytes: maxBytes });
    }
    let count = 0;
    for (const connection of this.#hub.connections.values()) {
      if (!isPlain(connection)) continue;
      connection.deliver(frame);
      count++;
    }
    this.#hub.counters.messagesOut.of("broadcast").count += count;
    return count;
  }

  #content(content: unknown, senderId: string | undefined): Content {
    return { content, senderId, timestamp: this.#hub.clock.wallMs() };
  }

  #client(clientId: string): Client {
    const client = this.#hub.clients.get(clientId);
    if (client === undefined) throw new HubError("CLIENT_NOT_FOUND");
    return client;
  }
}

function isPlain(connection: Connection): boolean {
  return connection.dialect.subprotocol === undefined;
}

function page<T>(
  ids: Iterable<string>,
  request: PageRequest,
  read: (id: string) => T | undefined,
): Page<T> {
  const found = pageOf(ids, request);
  const items: T[] = [];
  for (const id of found.ids) {
    const item = read(id);
    if (item !== undefined) items.push(item);
  }
  const nextCursor = found.hasMore ? found.ids.at(-1) : undefined;
  return nextCursor === undefined ? { items } : { items, nextCursor };
}

function memberInfo(member: Member): MemberInfo {
  const { clientId, userId, username } = member.client.identity;
  return {
    clientId,
    ...(userId !== undefined && { userId }),
    ...(username !== undefined && { username }),
    joinedAt: member.joinedAtMs,
  };
}

function clientInfo(client: Client): ClientInfo {
  const { clientId, userId, username } = client.identity;
  return {
    id: clientId,
    ...(userId !== undefined && { userId }),
    ...(username !== undefined && { username }),
    connections: client.connections.map(connectionInfo),
  };
}

function connectionInfo(connection: Connection): ConnectionInfo {
  return {
    id: connection.id,
    remoteAddress: connection.remoteAddress,
    subprotocol: connection.dialect.subprotocol,
    connectedAt: connection.connectedAtMs,
    rooms: [...connection.rooms].map((room) => room.id),
    queuedBytes: connection.queuedBytes,
  };
}
