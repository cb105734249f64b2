/**
 * The transport of the hub with no hub behind it, on either runtime:
 *
 *     bare.ts [auto|native|ws]
 *
 * `/room/NAME` passes every frame on to the others of the room, `/echo` sends it back. Prints the
 * address it listens on, as JSON.
 */
import { runtime } from "#runtime";
import type { SocketEvents, WSConn } from "../../src/hub/ws_conn.ts";
import { Frame } from "../../src/protocol/frame.ts";
import type { TransportName } from "../../src/runtime/runtime.ts";
import { type RelayRoom, RelayRooms, roomOf } from "./relay_room.ts";

const MAX_MESSAGE_BYTES = 65_536;

class BareConnection implements SocketEvents {
  readonly #conn: WSConn;
  readonly #room: RelayRoom<Frame> | undefined;

  constructor(conn: WSConn, room: RelayRoom<Frame> | undefined) {
    this.#conn = conn;
    this.#room = room;
    room?.join(conn);
  }

  receive(data: string | Uint8Array): void {
    // Binary data may be reused after the call.
    const frame = new Frame(typeof data === "string" ? data : data.slice());
    if (this.#room === undefined) this.#conn.write([frame]);
    else this.#room.post(this.#conn, frame);
  }

  alive(): void {}

  drained(): void {}

  closed(): void {
    this.#room?.leave(this.#conn);
  }
}

function transportOf(name: string | undefined): TransportName {
  switch (name) {
    case undefined:
    case "auto":
      return "auto";
    case "native":
    case "ws":
      return name;
    default:
      throw new Error(
        `Cannot listen: transport must be auto, native or ws: current value is ${name}`,
      );
  }
}

const rooms = new RelayRooms<Frame>();
const { host, port } = await runtime.listen({
  host: "127.0.0.1",
  port: 0,
  transport: transportOf(runtime.args[0]),
  compression: false,
  maxMessageBytes: () => MAX_MESSAGE_BYTES,
  fetch: () => new Response(null, { status: 404 }),
  upgrade: ({ target }) => {
    const name = roomOf(target);
    return {
      type: "accept",
      subprotocol: undefined,
      open(conn) {
        const room = name === undefined ? undefined : rooms.get(name);
        return new BareConnection(conn, room);
      },
    };
  },
  onError: (error) => runtime.writeStderr(`${error}\n`),
});
runtime.writeStdout(`${JSON.stringify({ address: `${host}:${port}` })}\n`);
