import type { MessageBus } from "./bus.ts";
import type { MemoryBusOptions } from "./memory_bus.ts";

export type { BusMessage, BusState, MessageBus } from "./bus.ts";
export { MemoryExchange } from "./memory_exchange.ts";

/** Which bus, and what it needs. `noop` joins a node to nobody. */
export type BusOptions =
  | ({ readonly type: "memory" } & MemoryBusOptions)
  | ({ readonly type: "noop" } & Omit<MemoryBusOptions, "exchange">);

/** Makes a bus, loading what it needs; it is not started yet. */
export async function createBus(options: BusOptions): Promise<MessageBus> {
  switch (options.type) {
    case "memory": {
      const { MemoryBus } = await import("./memory_bus.ts");
      return new MemoryBus(options);
    }
    case "noop": {
      const { MemoryBus } = await import("./memory_bus.ts");
      const { MemoryExchange } = await import("./memory_exchange.ts");
      // Alone on its exchange: whatever it publishes, nobody wants.
      return new MemoryBus({ ...options, exchange: new MemoryExchange() });
    }
    default: {
      const unknown: never = options;
      throw new TypeError(`Cannot make bus: ${JSON.stringify(unknown)}`);
    }
  }
}
