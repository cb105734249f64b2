import { setImmediate } from "node:timers";
import { MemoryBus } from "../../src/bus/memory_bus.ts";
import { MemoryExchange } from "../../src/bus/memory_exchange.ts";
import { testBus } from "./bus_conformance.ts";
import type { BusBackend } from "./bus_node.ts";

function openMemory(): Promise<BusBackend> {
  const exchange = new MemoryExchange();
  const buses: MemoryBus[] = [];
  const errors: unknown[] = [];
  return Promise.resolve({
    errors,
    bus: () => {
      const bus = new MemoryBus({
        exchange,
        clock: { defer: (run) => setImmediate(run) },
        onError: (error) => errors.push(error),
      });
      buses.push(bus);
      return bus;
    },
    [Symbol.asyncDispose]: async () => {
      for (const bus of buses) await bus[Symbol.asyncDispose]();
    },
  });
}

testBus("MemoryBus", openMemory);
