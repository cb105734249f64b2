import type { CloseSpec } from "../errors.ts";
import type { Clock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import type { HubCounters } from "./counters.ts";
import type { Flusher } from "./flusher.ts";
import type { HubSettings } from "./settings.ts";
import type { TimerWheel } from "./timer_wheel.ts";

/** What a connection needs of the hub it belongs to. */
export interface ConnectionHost {
  readonly clock: Clock;
  readonly counters: HubCounters;
  readonly flusher: Flusher;
  readonly wheel: TimerWheel;
  readonly settings: HubSettings;
  /** A message came on an open connection. */
  receive(connection: Connection, data: string | Uint8Array): void;
  /** The connection left `open`; called once, before anything more is written. */
  onLeft(connection: Connection, spec: CloseSpec): void;
  /** The connection is `closed`; called once. */
  onClosed(connection: Connection): void;
}
