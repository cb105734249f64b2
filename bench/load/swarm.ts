import { bunTcp, type TcpHandlers } from "../bun_tcp.ts";
import type { Dialect, Member } from "./dialects.ts";
import { LoadConnection } from "./load_connection.ts";
import { MessageReader } from "./message_reader.ts";

/** Who gets the messages of the load. */
export interface Sink {
  /** A stamped message came; its stamp is at `reader.at` in `reader.bytes`. */
  received(connection: LoadConnection, reader: MessageReader): void;
  /** One read of one socket is done with: the moment to send what it gave rise to. */
  readEnded(): void;
}

export interface SwarmOptions {
  readonly host: string;
  readonly port: number;
  readonly dialect: Dialect;
  /** Connections come from so many addresses in turns, 127.0.0.1 and up. */
  readonly sources: number;
  /** A connection failed or was closed; there is no measuring on. */
  onFailure(error: Error): void;
}

/** Many clients of one server in one process. */
export class Swarm {
  readonly options: SwarmOptions;
  /** Shared by all connections: a read is done with before the next begins. */
  readonly reader: MessageReader;
  readonly handlers: TcpHandlers<LoadConnection>;
  /** Absent: messages of the load are passed over. */
  sink: Sink | undefined;

  constructor(options: SwarmOptions) {
    this.options = options;
    this.reader = new MessageReader(options.dialect.isSeparated);
    this.handlers = {
      open: (socket) => socket.data.opened(socket),
      data: (socket, chunk) => socket.data.read(chunk),
      drain: (socket) => socket.data.drained(),
      close: (socket) => socket.data.closed(),
      error: (socket, error) => socket.data.fail(error.message),
    };
  }

  /** Resolves when the connection is open and in its room. */
  async connect(member: Member): Promise<LoadConnection> {
    const { host, port, sources } = this.options;
    const source = member.index % sources;
    const connection = new LoadConnection(this, member);
    await bunTcp().connect({
      hostname: host,
      port,
      // The first one is left to the system, which then finds a port at once: one to bind must be free
      // towards all servers, and crowds of closed connections make that slow to find.
      ...(source === 0 ? {} : { localAddress: `127.0.0.${1 + source}` }),
      data: connection,
      socket: this.handlers,
    });
    await connection.joined;
    return connection;
  }
}
