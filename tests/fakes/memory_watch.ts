import type { HubProcess } from "./hub_process.ts";

/** How much more than at first is still called flat. */
const GROWTH = 1.2;
const SLACK_BYTES = 8 * 1024 * 1024;
const SETTLE_DEADLINE_MS = 45_000;

interface Memory {
  readonly rssBytes: number;
  readonly heapBytes: number;
}

/**
 * Tells whether a hub's memory is flat. It goes up until the collector runs, and nobody outside can
 * make it run: so floors are compared, and garbage gets time to go while work goes on.
 */
export class MemoryWatch {
  readonly #hub: HubProcess;
  #floor: Memory = { rssBytes: Infinity, heapBytes: Infinity };

  constructor(hub: HubProcess) {
    this.#hub = hub;
  }

  /** Measures now; the least of what this has measured is what memory is held against later. */
  async measureBefore(): Promise<void> {
    this.#floor = least(this.#floor, await this.#measure());
  }

  /**
   * Does `work` until memory is what it was before, give or take.
   *
   * @returns a line for the log
   * @throws Error where it stays above that
   */
  async settle(work: () => Promise<void>): Promise<string> {
    const startMs = performance.now();
    const limit = {
      rssBytes: this.#floor.rssBytes * GROWTH + SLACK_BYTES,
      heapBytes: this.#floor.heapBytes * GROWTH + SLACK_BYTES,
    };
    let floor = await this.#measure();
    while (
      floor.rssBytes > limit.rssBytes || floor.heapBytes > limit.heapBytes
    ) {
      if (performance.now() - startMs > SETTLE_DEADLINE_MS) {
        throw new Error(
          `Cannot call memory flat: ${show(this.#floor)} became ${show(floor)}`,
        );
      }
      await work();
      floor = least(floor, await this.#measure());
    }
    return `${show(this.#floor)} before, ${show(floor)} after`;
  }

  async #measure(): Promise<Memory> {
    const metrics = await this.#hub.metrics();
    return {
      rssBytes: metrics.value("hubbub_rss_bytes"),
      heapBytes: metrics.value("hubbub_heap_used_bytes"),
    };
  }
}

function least(a: Memory, b: Memory): Memory {
  return {
    rssBytes: Math.min(a.rssBytes, b.rssBytes),
    heapBytes: Math.min(a.heapBytes, b.heapBytes),
  };
}

function show({ rssBytes, heapBytes }: Memory): string {
  return `${toMiB(rssBytes)} MiB (heap ${toMiB(heapBytes)})`;
}

function toMiB(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
