/** A message of the hub, as it came. */
export interface Message {
  readonly message_id: unknown;
  readonly message_type: string;
  readonly request_id?: unknown;
  readonly data: unknown;
  readonly timestamp: unknown;
}

export interface HubClientOptions {
  readonly clientId?: string;
  /** Undefined: the plain dialect. */
  readonly subprotocol?: string | undefined;
  /** @default {/ws} */
  readonly path?: string;
}

export interface CloseInfo {
  readonly code: number;
  readonly reason: string;
}

/** Whatever a hub does at all, it does in less, also on a busy machine. */
const DEADLINE_MS = 30_000;

interface Waiter {
  readonly matches: (message: Message) => boolean;
  readonly wanted: PromiseWithResolvers<Message>;
  readonly what: string;
}

/** A client over the standard `WebSocket`; speaks both dialects. Disposing of it closes it. */
export class HubClient implements Disposable {
  /** Messages that came and were not taken, in their order. */
  readonly inbox: Message[] = [];
  /** Frames that are no message, such as raw broadcasts. */
  readonly texts: string[] = [];
  /** Called with every message instead of the inbox, where it is set. */
  onMessage: ((message: Message) => void) | undefined;
  readonly closed: Promise<CloseInfo>;
  readonly #socket: WebSocket;
  readonly #waiters = new Set<Waiter>();
  #closeInfo: CloseInfo | undefined;
  #lastId = 0;

  /** @throws Error where the hub refuses, or does not answer */
  static async connect(
    baseUrl: string,
    options: HubClientOptions = {},
  ): Promise<HubClient> {
    const { clientId, subprotocol, path = "/ws" } = options;
    const url = new URL(path, baseUrl.replace(/^http/, "ws"));
    if (clientId !== undefined) url.searchParams.set("client_id", clientId);
    const socket = new WebSocket(url, subprotocol ?? []);
    const client = new HubClient(socket);
    await withDeadline(
      new Promise((resolve, reject) => {
        socket.addEventListener("open", () => resolve(undefined));
        client.closed.then(({ code, reason }) =>
          reject(new Error(`Cannot connect to ${url}: ${code} ${reason}`))
        );
      }),
      { what: `connect to ${url}` },
    );
    return client;
  }

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    // Every error is followed by a close.
    socket.addEventListener("error", () => undefined);
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", ({ code, reason }) => {
        this.#closeInfo = { code, reason };
        resolve(this.#closeInfo);
        for (const waiter of this.#waiters) this.#giveUp(waiter);
      });
    });
  }

  get subprotocol(): string {
    return this.#socket.protocol;
  }

  /** Undefined while it is open. */
  get closeInfo(): CloseInfo | undefined {
    return this.#closeInfo;
  }

  /** Sends a frame as it is. */
  sendRaw(frame: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(frame);
  }

  /** Sends a message that asks for no reply. */
  send(type: string, data?: unknown): void {
    this.sendRaw(JSON.stringify({ message_type: type, data }));
  }

  /** Sends a message and takes the reply to it, an `error` included. */
  request(type: string, data?: unknown): Promise<Message> {
    const id = ++this.#lastId;
    this.sendRaw(JSON.stringify({ message_id: id, message_type: type, data }));
    return this.takeWhere((message) => message.request_id === id, {
      what: `the reply to ${type}`,
    });
  }

  /** Takes the oldest message of a type, waiting for it where there is none. */
  take(type: string): Promise<Message> {
    return this.takeWhere((message) => message.message_type === type, {
      what: type,
    });
  }

  /** @throws Error at the deadline, or where the connection closes before */
  takeWhere(
    matches: (message: Message) => boolean,
    { what }: { readonly what: string },
  ): Promise<Message> {
    const place = this.inbox.findIndex(matches);
    const [found] = place < 0 ? [] : this.inbox.splice(place, 1);
    if (found !== undefined) return Promise.resolve(found);
    const wanted = Promise.withResolvers<Message>();
    const waiter = { matches, wanted, what };
    this.#waiters.add(waiter);
    if (this.#closeInfo !== undefined) this.#giveUp(waiter);
    return withDeadline(wanted.promise, { what: `wait for ${what}` })
      .finally(() => this.#waiters.delete(waiter));
  }

  /** Takes all that has come once the hub answers this: everything it had sent before. */
  async rest(): Promise<readonly Message[]> {
    await this.request("ping", {});
    return this.inbox.splice(0);
  }

  /** Waits for the hub to close. */
  waitForClose(): Promise<CloseInfo> {
    return withDeadline(this.closed, { what: "wait for the close" });
  }

  /** Closes, and waits until that is done. */
  async close(code = 1000, reason = ""): Promise<CloseInfo> {
    this.#socket.close(code, reason);
    return await this.waitForClose();
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #giveUp({ what, wanted }: Waiter): void {
    const { code, reason } = this.#closeInfo ?? {};
    wanted.reject(
      new Error(`Cannot wait for ${what}: closed with ${code} ${reason}`),
    );
  }

  #receive(data: unknown): void {
    const text = typeof data === "string" ? data : new TextDecoder().decode(
      data instanceof ArrayBuffer ? data : undefined,
    );
    const pieces = this.subprotocol === "" ? [text] : text.split("\n");
    for (const piece of pieces) {
      const message = parseMessage(piece);
      if (message === undefined) this.texts.push(piece);
      else this.#deliver(message);
    }
  }

  #deliver(message: Message): void {
    for (const waiter of this.#waiters) {
      if (!waiter.matches(message)) continue;
      this.#waiters.delete(waiter);
      waiter.wanted.resolve(message);
      return;
    }
    if (this.onMessage === undefined) this.inbox.push(message);
    else this.onMessage(message);
  }
}

/** Connects many, some at a time, in the order of their numbers from 0. */
export async function connectMany(
  baseUrl: string,
  options: {
    readonly count: number;
    client(index: number): HubClientOptions;
  },
): Promise<HubClient[]> {
  const { count, client } = options;
  const atOnce = 50;
  const clients: HubClient[] = [];
  for (let first = 0; first < count; first += atOnce) {
    const size = Math.min(atOnce, count - first);
    clients.push(
      ...await Promise.all(
        Array.from(
          { length: size },
          (_, i) => HubClient.connect(baseUrl, client(first + i)),
        ),
      ),
    );
  }
  return clients;
}

/** Undefined where the text is no message of a hub. */
export function parseMessage(text: string): Message | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A raw broadcast may be any text.
    return undefined;
  }
  return isMessage(value) ? value : undefined;
}

function isMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null &&
    "message_type" in value && typeof value.message_type === "string" &&
    "message_id" in value && "data" in value && "timestamp" in value;
}

async function withDeadline<T>(
  promise: Promise<T>,
  { what }: { readonly what: string },
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Cannot ${what}: nothing for ${DEADLINE_MS} ms`)),
      DEADLINE_MS,
    );
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
