/** One connection of the load, and who it is to the server. */
export interface Member {
  /** Its place among all connections to the server. */
  readonly index: number;
  readonly clientId: string;
  /** Undefined: it joins none. */
  readonly room: string | undefined;
}

/** What a message that carries no stamp asks for. */
export type Reaction =
  | { readonly type: "nothing" }
  | { readonly type: "say"; readonly text: string }
  /** The connection is a member of its room now. */
  | { readonly type: "joined" }
  | { readonly type: "failed" };

/** How to talk to a kind of server. */
export interface Dialect {
  readonly subprotocol: string | undefined;
  /** Whether a frame may hold several messages with a newline between two. */
  readonly isSeparated: boolean;
  /** Path and query to connect to. */
  target(member: Member): string;
  /** What to say once connected; undefined: nothing, the connection is ready. */
  hello(member: Member): string | undefined;
  react(text: string, member: Member): Reaction;
  /** What to send for `content` to reach the member's room. */
  roomMessage(member: Member, content: string): string;
  /** What to send for `content` to reach one other client. */
  directMessage(
    member: Member,
    message: { readonly targetId: string; readonly content: string },
  ): string;
}

export const DIALECT_NAMES = [
  "plain",
  "hubbub.v1.json",
  "relay",
  "socket.io",
] as const;
export type DialectName = typeof DIALECT_NAMES[number];

/** Source: `docs/protocol.md`. */
class HubDialect implements Dialect {
  readonly subprotocol: string | undefined;
  readonly isSeparated: boolean;

  constructor(subprotocol: string | undefined) {
    this.subprotocol = subprotocol;
    this.isSeparated = subprotocol !== undefined;
  }

  target({ clientId }: Member): string {
    return `/ws?client_id=${clientId}`;
  }

  hello({ room }: Member): string | undefined {
    if (room === undefined) return undefined;
    return JSON.stringify({
      message_type: "join_room",
      data: { room_id: room },
    });
  }

  react(text: string): Reaction {
    if (text.includes('"message_type":"room_joined"')) {
      return { type: "joined" };
    }
    // Its heartbeat where the transport has no pings of its own.
    if (text.includes('"message_type":"ping"')) {
      return { type: "say", text: '{"message_type":"pong","data":{}}' };
    }
    return { type: text.includes('"error"') ? "failed" : "nothing" };
  }

  roomMessage({ room }: Member, content: string): string {
    return JSON.stringify({
      message_type: "room_message",
      data: { room_id: room, content },
    });
  }

  directMessage(
    _member: Member,
    message: { readonly targetId: string; readonly content: string },
  ): string {
    return JSON.stringify({
      message_type: "direct_message",
      data: { target_id: message.targetId, content: message.content },
    });
  }
}

/**
 * For a server that passes frames on as they are: it is sent what the hub would make of the
 * message, so that the same bytes go to the receivers.
 */
class RelayDialect implements Dialect {
  readonly subprotocol = undefined;
  readonly isSeparated = false;

  target({ room }: Member): string {
    return room === undefined ? "/echo" : `/room/${room}`;
  }

  hello(): undefined {
    return undefined;
  }

  react(): Reaction {
    return { type: "nothing" };
  }

  roomMessage({ clientId, room }: Member, content: string): string {
    const timestamp = Date.now();
    return JSON.stringify({
      message_id: 0,
      message_type: "room_message",
      data: { room_id: room, content, sender_id: clientId, timestamp },
      timestamp,
    });
  }

  directMessage(
    { clientId }: Member,
    { content }: { readonly content: string },
  ): string {
    const timestamp = Date.now();
    return JSON.stringify({
      message_id: 0,
      message_type: "direct_message",
      data: { content, sender_id: clientId, timestamp },
      timestamp,
    });
  }
}

/** Engine.IO 4 and Socket.IO 5 over a plain WebSocket: `0` open, `2` ping, `3` pong, `40` connect, `42` event. */
class SocketIoDialect implements Dialect {
  readonly subprotocol = undefined;
  readonly isSeparated = false;

  target(): string {
    return "/socket.io/?EIO=4&transport=websocket";
  }

  hello(): string {
    return "40";
  }

  react(text: string, { room }: Member): Reaction {
    if (text === "2") return { type: "say", text: "3" };
    if (text.startsWith("40")) {
      const event = JSON.stringify(["join_room", { room_id: room }]);
      return { type: "say", text: `42${event}` };
    }
    if (text.startsWith('42["room_joined"')) return { type: "joined" };
    return { type: text.startsWith("44") ? "failed" : "nothing" };
  }

  roomMessage({ room }: Member, content: string): string {
    return `42${JSON.stringify(["room_message", { room_id: room, content }])}`;
  }

  directMessage(): never {
    throw new Error("Cannot send a direct message: Socket.IO has none here");
  }
}

/** How to talk to the server that speaks `name`. */
export function dialectOf(name: DialectName): Dialect {
  switch (name) {
    case "plain":
      return new HubDialect(undefined);
    case "hubbub.v1.json":
      return new HubDialect(name);
    case "relay":
      return new RelayDialect();
    case "socket.io":
      return new SocketIoDialect();
    default:
      return name satisfies never;
  }
}
