import type { Config, RoomOptions } from "./config/schema.ts";
import type { HubSettings, RoomSettings } from "./hub/mod.ts";

/** What the hub needs of the configuration, in its own words. */
export function hubSettings(config: Config): HubSettings {
  const { server: { websocket }, limits, rooms, auth } = config;
  return {
    pingIntervalMs: websocket.ping_interval,
    idleTimeoutMs: websocket.idle_timeout,
    closeTimeoutMs: websocket.close_timeout,
    writeDelayMs: websocket.write_delay,
    queueBytes: websocket.queue_bytes,
    maxMessageBytes: websocket.max_message_bytes,
    duplicateClientId: websocket.duplicate_client_id,
    maxConnections: websocket.max_connections,
    maxRooms: limits.rooms,
    roomsPerConnection: limits.rooms_per_connection,
    connectionsPerClient: limits.connections_per_client,
    messagesPerSecond: limits.messages_per_second,
    messageBurst: limits.message_burst,
    invalidPerMinute: limits.invalid_per_minute,
    anonymousPermissions: new Set(auth.anonymous_permissions),
    roomDefaults: roomSettings(rooms.defaults),
    namespaces: new Map(
      Object.entries(rooms.namespaces).map((
        [name, options],
      ) => [name, roomSettings(options)]),
    ),
  };
}

function roomSettings(options: RoomOptions): RoomSettings {
  return {
    autoCreate: options.auto_create,
    maxClients: options.max_clients,
    presence: options.presence,
    echo: options.echo,
    emptyTtlMs: options.empty_ttl,
    slowConsumer: options.slow_consumer,
  };
}
