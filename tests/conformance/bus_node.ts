import type { BusMessage, MessageBus } from "../../src/bus/bus.ts";
import { until } from "../fakes/until.ts";

/** One backend of a bus, fresh for each test; disposing of it ends every bus it made. */
export interface BusBackend extends AsyncDisposable {
  /** A bus of one more node, not started yet. */
  bus(): MessageBus;
  /** What was reported, in order. */
  readonly errors: readonly unknown[];
}

const LAST_SUBJECT = "conformance:last";

/** A node with nothing but its bus, which writes down what it gets. */
export class BusNode {
  readonly bus: MessageBus;
  /** Subject and first bytes of each message, in order: `room:1 7 255`. */
  readonly seen: string[] = [];
  #lastCount = 0;

  constructor(bus: MessageBus) {
    this.bus = bus;
  }

  static async start(
    backend: BusBackend,
    onMessage?: (message: BusMessage) => void,
  ): Promise<BusNode> {
    const node = new BusNode(backend.bus());
    await node.bus.start((message) => {
      if (message.subject === LAST_SUBJECT) {
        node.#lastCount++;
        return;
      }
      const head = message.payload.subarray(0, 4);
      node.seen.push([message.subject, ...head].join(" "));
      onMessage?.(message);
    });
    return node;
  }

  /** Waits until this node has got whatever `publisher` sent it before. */
  async catchUp(publisher: BusNode): Promise<void> {
    const before = this.#lastCount;
    await this.bus.subscribe(LAST_SUBJECT);
    await publisher.bus.publish(LAST_SUBJECT, bytes());
    await until(() => this.#lastCount > before);
    await this.bus.unsubscribe(LAST_SUBJECT);
  }
}

export function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}
