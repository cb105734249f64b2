import { HubApi } from "./api.ts";
import type { Config, LiveConfig, ReloadResult } from "./config/mod.ts";
import { Dispatcher, Turns } from "./dispatcher/mod.ts";
import { ERRORS } from "./errors.ts";
import { loadHandlers } from "./handler_modules.ts";
import { registerHandlers } from "./handlers/mod.ts";
import { createApp } from "./http/app.ts";
import type { HealthState } from "./http/options.ts";
import { createUpgrade } from "./http/upgrade.ts";
import { Hub } from "./hub/mod.ts";
import { hubSettings } from "./hub_settings.ts";
import type { Listener, Runtime } from "./runtime/runtime.ts";
import type { NodeLogger } from "./telemetry/logger.ts";
import { Metrics } from "./telemetry/metrics.ts";
import { VERSION } from "./version.ts";

export interface NodeOptions {
  readonly config: LiveConfig;
  readonly runtime: Runtime;
  readonly logger: NodeLogger;
}

/** How often a drain looks whether all sockets are gone. */
const DRAIN_POLL_MS = 20;

/** Clients of a drained node are told to come back within this, or within a millisecond each. */
const MIN_RECONNECT_WITHIN_MS = 1_000;
const MAX_RECONNECT_WITHIN_MS = 30_000;

/**
 * One server process: a hub, its handlers, its HTTP API and the port they share.
 *
 *     starting ── start() ──▶ ready ── drain() ──▶ draining (and in the end stopped)
 */
export class HubNode implements AsyncDisposable {
  /** Names the node in answers, logs and metrics. */
  readonly id: string;
  /** What handler modules and an embedding program do with the hub. */
  readonly api: HubApi;
  readonly #config: LiveConfig;
  readonly #runtime: Runtime;
  readonly #logger: NodeLogger;
  readonly #hub: Hub;
  readonly #metrics: Metrics | undefined;
  #state: HealthState = "starting";
  #listener: Listener | undefined;
  #drained: Promise<void> | undefined;
  readonly #stops: { stop(): void }[] = [];

  constructor(options: NodeOptions) {
    const { config, runtime, logger } = options;
    const { clock } = runtime;
    this.#config = config;
    this.#runtime = runtime;
    this.#logger = logger;
    this.id = config.current.node.id || crypto.randomUUID();
    this.#hub = new Hub({
      nodeId: this.id,
      clock,
      logger,
      settings: hubSettings(config.current),
      receive: (connection, data) => turns.receive(connection, data),
    });
    const { counters } = this.#hub;
    const dispatcher = new Dispatcher({
      clock,
      logger,
      counters,
      handlerTimeoutMs: () => config.current.handler_timeout,
    });
    const turns = new Turns({
      dispatch: (connection, data) => dispatcher.dispatch(connection, data),
      waitingBytes: () => this.#hub.settings.queueBytes,
    });
    this.api = new HubApi(this.#hub, { dispatcher, logger });
    registerHandlers(dispatcher, { hub: this.#hub, operator: this.api });
    this.#metrics = config.current.metrics.enabled
      ? new Metrics({
        runtime,
        counters,
        hub: this.api,
        version: VERSION,
        queueBytes: () => this.#hub.queuedBytes,
        logEntriesLost: () => logger.lost,
      })
      : undefined;
  }

  /** Where clients connect, once started. */
  get address(): string {
    const { host, port } = this.#listener ?? this.#config.current.server;
    return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  }

  /**
   * Loads the handler modules and listens.
   *
   * @throws Error where a module cannot be loaded or the address cannot be had; nothing is left open
   */
  async start(): Promise<void> {
    const { handlers, server, metrics } = this.#config.current;
    const runtime = this.#runtime;
    await loadHandlers(handlers, { runtime, api: this.api });
    const health = { state: () => this.#state };
    const { counters } = this.#hub;
    const app = createApp({
      hub: this.api,
      clock: runtime.clock,
      logger: this.#logger,
      nodeId: this.id,
      version: VERSION,
      startedAtMs: runtime.clock.wallMs(),
      address: () => this.address,
      health,
      metrics: this.#metrics,
      metricsPath: metrics.path,
      websocketPath: server.websocket.path,
      reload: () => this.reload(),
      settings: () => ({
        apiKey: this.#config.current.auth.api_key,
        maxBodyBytes: this.#config.current.server.http.max_body_bytes,
      }),
      errors: {
        count: (kind) => counters.errors.of(ERRORS[kind].code).count++,
      },
    });
    this.#listener = await runtime.listen({
      host: server.host,
      port: server.port,
      transport: server.websocket.transport,
      compression: server.websocket.compression,
      maxMessageBytes: () => this.#hub.settings.maxMessageBytes,
      fetch: app.fetch,
      upgrade: createUpgrade({
        hub: this.#hub,
        path: server.websocket.path,
        health,
        allowedOrigins: () =>
          this.#config.current.server.websocket.allowed_origins,
      }),
      onError: (err) => this.#logger.error({ err }, "listener failed"),
    });
    this.#stops.push(
      this.#config.onChange((config) => this.#apply(config)),
      this.#config.watch(runtime),
    );
    this.#state = "ready";
    this.#logger.info({
      address: this.address,
      node_id: this.id,
      version: VERSION,
      runtime: `${runtime.name} ${runtime.version}`,
      transport: this.#listener.transport,
    }, "hub is listening");
  }

  /** Reads the configuration again and applies it whole, or not at all. Never rejects. */
  reload(): Promise<ReloadResult> {
    return this.#config.reload();
  }

  /**
   * Takes no more connections, tells and closes those there are, and stops; at the latest after
   * `server.drain_timeout`. Called again, it waits for the same drain.
   */
  drain(): Promise<void> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain();
  }

  async #drain(): Promise<void> {
    const { clock } = this.#runtime;
    const deadlineMs = clock.nowMs() +
      this.#config.current.server.drain_timeout;
    const connections = this.#hub.connections.size;
    // One that could not start has said so already.
    const wasReady = this.#state === "ready";
    if (wasReady) this.#logger.info({ connections }, "hub is draining");
    this.#state = "draining";
    const stopped = this.#listener?.stop();
    await this.#hub.drain({
      reconnectWithinMs: Math.min(
        Math.max(MIN_RECONNECT_WITHIN_MS, connections),
        MAX_RECONNECT_WITHIN_MS,
      ),
    });
    while (this.#hub.closingCount > 0 && clock.nowMs() < deadlineMs) {
      await new Promise<void>((resolve) => clock.after(DRAIN_POLL_MS, resolve));
    }
    const dropped = this.#hub.closingCount;
    await this.#listener?.destroy();
    await stopped;
    for (const started of this.#stops) started.stop();
    this.#metrics?.[Symbol.dispose]();
    this.#hub.dispose();
    if (wasReady) this.#logger.info({ dropped }, "hub has stopped");
  }

  #apply(config: Config): void {
    this.#logger.level = config.log.level;
    this.#hub.configure(hubSettings(config));
    this.#listener?.limitsChanged();
  }
}
