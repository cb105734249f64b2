import { type Message, parseMessage } from "./hub_client.ts";
import { RawWsClient } from "./raw_ws_client.ts";
import { OPCODES } from "./raw_ws_frames.ts";
import { until } from "./until.ts";

/** What it needs of a hub; `HubProcess` has it. */
export interface StuckPeerHub {
  readonly port: number;
  get(path: string): Promise<unknown>;
  post(path: string, body?: unknown): Promise<unknown>;
}

export interface StuckPeerOptions {
  readonly clientId: string;
  /** The room it is in; absent: none. */
  readonly roomId?: string;
  readonly subprotocol?: string;
}

/** What one filling message carries; the network takes some fifty of them. */
const FILLING = "x".repeat(60_000);
const DEADLINE_MS = 30_000;

/**
 * A client that has been sent more than the network takes, and reads nothing: from here on whatever
 * it gets waits in the hub, until `resume`.
 */
export class StuckPeer implements Disposable {
  readonly client: RawWsClient;
  readonly #hub: StuckPeerHub;
  readonly #path: string;

  static async connect(
    hub: StuckPeerHub,
    options: StuckPeerOptions,
  ): Promise<StuckPeer> {
    const { clientId, roomId, subprotocol } = options;
    const client = await RawWsClient.connect(hub.port, {
      path: `/ws?client_id=${clientId}`,
      headers: { "Sec-WebSocket-Protocol": subprotocol },
    });
    const peer = new StuckPeer(client, { hub, clientId });
    if (roomId !== undefined) {
      const data = { room_id: roomId };
      client.sendText(JSON.stringify({ message_type: "join_room", data }));
      await until(async () =>
        (await peer.#connection())?.rooms.includes(roomId) ?? false
      );
    }
    client.pause();
    await until(async () => {
      const path = `/api/users/${clientId}/messages`;
      await hub.post(path, { content: FILLING });
      // The network may still take a little more while less than a message waits.
      return (await peer.queuedBytes() ?? 0) > FILLING.length;
    }, { deadlineMs: DEADLINE_MS });
    return peer;
  }

  constructor(
    client: RawWsClient,
    options: { readonly hub: StuckPeerHub; readonly clientId: string },
  ) {
    this.client = client;
    this.#hub = options.hub;
    this.#path = `/api/clients/${options.clientId}`;
  }

  /** Bytes that wait for it in the hub; undefined where the hub has given it up. */
  async queuedBytes(): Promise<number | undefined> {
    return (await this.#connection())?.queued_bytes;
  }

  /**
   * Reads again, up to and with the message that `isLast`, or to the close frame.
   *
   * @returns the messages but the filling, in order, and the close code where there was one
   */
  async readOn(
    isLast: (message: Message) => boolean = () => false,
  ): Promise<{ messages: Message[]; closeCode: number | undefined }> {
    this.client.resume();
    const messages: Message[] = [];
    for (;;) {
      const { opcode, payload } = await this.client.nextFrame();
      if (opcode === OPCODES.close) {
        return { messages, closeCode: payload.readUInt16BE(0) };
      }
      if (opcode !== OPCODES.text) continue;
      for (const line of payload.toString().split("\n")) {
        const message = parseMessage(line);
        if (message === undefined) continue;
        if (message.message_type !== "direct_message") messages.push(message);
        if (isLast(message)) return { messages, closeCode: undefined };
      }
    }
  }

  [Symbol.dispose](): void {
    this.client.destroy();
  }

  async #connection(): Promise<
    { rooms: string[]; queued_bytes: number } | undefined
  > {
    const { connections } = Object(await this.#hub.get(this.#path));
    return connections?.[0];
  }
}
