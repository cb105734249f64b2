import type { ReloadResult } from "../config/mod.ts";
import type { ErrorName } from "../errors.ts";
import type { Clock } from "../hub/clock.ts";
import type { Logger } from "../hub/logger.ts";
import type { HubOperations } from "../hub/operations.ts";

/** Where a node is in its life: only a `ready` one should be sent traffic. */
export type HealthState = "starting" | "ready" | "draining";

/** Settings of the HTTP API, as they are now. */
export interface HttpSettings {
  /** Opens `/api` to whoever sends it: the key itself or `sha256:` and its SHA-256 in hex; "": none. */
  readonly apiKey: string;
  /** The largest request body that is read. */
  readonly maxBodyBytes: number;
}

/** Everything the HTTP API stands on. */
export interface AppOptions {
  readonly hub: HubOperations;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeId: string;
  readonly version: string;
  /** When the node started, in milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** `host:port` the node listens on; asked at every request, so it may become known late. */
  address(): string;
  readonly health: { state(): HealthState };
  /** Undefined: `metricsPath` is not served. */
  readonly metrics: {
    scrape(): Promise<{ readonly contentType: string; readonly body: string }>;
  } | undefined;
  readonly metricsPath: string;
  /** Reads the configuration again and applies it whole or not at all; rejects only where that itself broke. */
  reload(): Promise<ReloadResult>;
  /** Asked at every request, so that a reload takes effect at once. */
  settings(): HttpSettings;
  /** Where clients connect, for the try page and the reference. */
  readonly websocketPath: string;
  /** Told of every error that is answered. */
  readonly errors: { count(kind: ErrorName): void };
}
