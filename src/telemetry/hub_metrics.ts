import type { HubCounters } from "../hub/counters.ts";
import type { HubOperations } from "../hub/operations.ts";
import {
  type SampledMetricOptions,
  samplesByLabel,
  samplesOfHistogram,
} from "./sampled_metric.ts";

export interface HubMetricsOptions {
  readonly hub: Pick<
    HubOperations,
    "clientCount" | "connectionCount" | "roomCount"
  >;
  readonly counters: HubCounters;
  /** Bytes queued in all connections; called once a scrape. */
  readonly queueBytes: () => number;
}

/** What a hub holds and did. */
export function hubMetrics(
  { hub, counters, queueBytes }: HubMetricsOptions,
): SampledMetricOptions[] {
  return [
    {
      name: "hubbub_connections",
      type: "gauge",
      help: "Open connections",
      read: () => [{ value: hub.connectionCount }],
    },
    {
      name: "hubbub_clients",
      type: "gauge",
      help: "Clients with at least one open connection",
      read: () => [{ value: hub.clientCount }],
    },
    {
      name: "hubbub_rooms",
      type: "gauge",
      help: "Rooms, empty ones included",
      read: () => [{ value: hub.roomCount }],
    },
    {
      name: "hubbub_queue_bytes",
      type: "gauge",
      help: "Bytes waiting in the send queues of all connections",
      read: () => [{ value: queueBytes() }],
    },
    {
      name: "hubbub_connections_opened_total",
      type: "counter",
      help: "Connections opened",
      read: () => [{ value: counters.connectionsOpened }],
    },
    {
      name: "hubbub_connections_closed_total",
      type: "counter",
      help: "Connections closed, by WebSocket close code",
      read: () => samplesByLabel("code", counters.connectionsClosed.entries()),
    },
    {
      name: "hubbub_rooms_created_total",
      type: "counter",
      help: "Rooms created",
      read: () => [{ value: counters.roomsCreated }],
    },
    {
      name: "hubbub_rooms_removed_total",
      type: "counter",
      help: "Rooms removed",
      read: () => [{ value: counters.roomsRemoved }],
    },
    {
      name: "hubbub_messages_in_total",
      type: "counter",
      help: "Messages received, by type",
      read: () => samplesByLabel("type", counters.messagesIn.entries()),
    },
    {
      name: "hubbub_messages_out_total",
      type: "counter",
      help: "Messages delivered, by type; to 1,000 connections counts 1,000",
      read: () => samplesByLabel("type", counters.messagesOut.entries()),
    },
    {
      name: "hubbub_bytes_in_total",
      type: "counter",
      help: "Payload bytes of messages received",
      read: () => [{ value: counters.bytesIn }],
    },
    {
      name: "hubbub_bytes_out_total",
      type: "counter",
      help: "Payload bytes of messages handed to sockets",
      read: () => [{ value: counters.bytesOut }],
    },
    {
      name: "hubbub_delivery_latency_seconds",
      type: "histogram",
      help: "From receipt of a message to its write to a socket, a delivery",
      read: () => samplesOfHistogram(counters.deliveryLatency),
    },
    {
      name: "hubbub_slow_consumers_total",
      type: "counter",
      help: "Full send queues, by what was done",
      read: () =>
        samplesByLabel("action", Object.entries(counters.slowConsumers)),
    },
    {
      name: "hubbub_messages_dropped_total",
      type: "counter",
      help: "Messages lost to a slow consumer, by policy of the room",
      read: () =>
        samplesByLabel("policy", Object.entries(counters.messagesDropped)),
    },
    {
      name: "hubbub_errors_total",
      type: "counter",
      help: "Errors answered to peers, by code",
      read: () => samplesByLabel("code", counters.errors.entries()),
    },
    {
      name: "hubbub_invalid_messages_total",
      type: "counter",
      help: "Messages that could not be understood",
      read: () => [{ value: counters.invalidMessages }],
    },
    {
      name: "hubbub_handler_failures_total",
      type: "counter",
      help: "Handlers that threw",
      read: () => [{ value: counters.handlerFailures }],
    },
  ];
}
