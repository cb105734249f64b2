import type { Listener, ListenOptions } from "../../src/runtime/runtime.ts";
import { type HandshakeOptions, RawWsClient } from "../fakes/raw_ws_client.ts";
import { SocketEndpoint, type SocketRecord } from "../fakes/socket_endpoint.ts";
import { until } from "../fakes/until.ts";

/** What a transport's sockets can do beyond the contract's least. */
export type Ability = "ping" | "terminate" | "drain" | "pause";

/**
 * A way to carry WebSockets, with the reasons why it does not do what the others do. The suite then
 * asserts what it does instead; nothing is skipped.
 */
export interface Transport {
  readonly name: Listener["transport"];
  listen(options: ListenOptions): Promise<Listener>;
  readonly abilities: readonly Ability[];
  /** Why broken frames end the TCP connection without a close frame. */
  readonly dropsBrokenFrames?: string;
  /** Why a peer that goes on sending may find TCP gone instead of the server's close frame. */
  readonly dropsWhoSendsOn?: string;
  /** Why frames without a mask are taken. */
  readonly takesUnmaskedFrames?: string;
  /** Why compression cannot be had. */
  readonly cannotCompress?: string;
  /** Why a stopped listener keeps its port. */
  readonly keepsPort?: string;
  /** Why the server's close frame ends TCP without waiting for the peer's. */
  readonly closesWithoutAnswer?: string;
}

/** A listener with a recording endpoint behind it and raw clients before it. */
export class Bench implements AsyncDisposable {
  readonly endpoint: SocketEndpoint;
  readonly listener: Listener;
  readonly #clients: RawWsClient[] = [];

  constructor(endpoint: SocketEndpoint, listener: Listener) {
    this.endpoint = endpoint;
    this.listener = listener;
  }

  /** A raw client, whatever the server answered. */
  async connect(options: HandshakeOptions = {}): Promise<RawWsClient> {
    return this.#keep(await RawWsClient.connect(this.listener.port, options));
  }

  /** A raw client that has sent nothing yet. */
  async dial(): Promise<RawWsClient> {
    return this.#keep(await RawWsClient.dial(this.listener.port));
  }

  /** An open WebSocket, seen from both ends. */
  async pair(
    options: HandshakeOptions = {},
  ): Promise<{ client: RawWsClient; record: SocketRecord }> {
    const { records } = this.endpoint;
    const index = records.length;
    const client = await this.connect(options);
    if (client.answer.status !== 101) {
      throw new Error(`Cannot upgrade: status is ${client.answer.status}`);
    }
    await until(() => records.length > index);
    const record = records[index];
    if (record === undefined) throw new Error("Cannot happen: no record");
    return { client, record };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.listener.destroy();
  }

  #keep(client: RawWsClient): RawWsClient {
    this.#clients.push(client);
    return client;
  }
}

/** Listens on a free port of 127.0.0.1. */
export async function openBench(
  transport: Transport,
  options: Partial<ListenOptions> = {},
): Promise<Bench> {
  const endpoint = new SocketEndpoint();
  const listener = await transport.listen({
    host: "127.0.0.1",
    port: 0,
    transport: "auto",
    compression: false,
    maxMessageBytes: () => 1_000,
    fetch: () => new Response("ok"),
    upgrade: (request) => endpoint.upgrade(request),
    onError: (error) => endpoint.errors.push(error),
    ...options,
  });
  return new Bench(endpoint, listener);
}
