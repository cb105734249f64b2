import { z } from "zod";
import { DIALECT_NAMES } from "./dialects.ts";

export const SCENARIO_NAMES = [
  "fan_out",
  "scale",
  "idle",
  "connect",
  "direct",
] as const;

/** What one process of the load is to do. */
export const jobSchema = z.object({
  scenario: z.enum(SCENARIO_NAMES),
  server: z.object({
    host: z.string(),
    port: z.int(),
    pid: z.int(),
  }),
  dialect: z.enum(DIALECT_NAMES),
  /** The first of this process's members, and how many there are. */
  firstMember: z.int(),
  members: z.int().min(1),
  /** 0: they join none. */
  membersPerRoom: z.int().min(0),
  /** Addresses to connect from. */
  sources: z.int().min(1).max(200),
  payloadBytes: z.int(),
  /** Messages under way at a time; several take turns. */
  inFlight: z.array(z.int().min(1)),
  /** How many are sent, where their number does not follow from what comes back. */
  messagesPerSecond: z.number(),
  /** At the start of a turn, before the measuring. */
  warmUpMs: z.number(),
  measureMs: z.number(),
  /** Everything must be over by then. */
  deadlineMs: z.number(),
});

export type Job = Readonly<z.infer<typeof jobSchema>>;

/** One measurement. */
export const measureSchema = z.object({
  /** What was varied within the scenario, say `8 in flight`; empty for nothing. */
  label: z.string(),
  seconds: z.number(),
  /** Deliveries, round trips or connections within that time. */
  events: z.number(),
  lost: z.number(),
  duplicated: z.number(),
  disordered: z.number(),
  /** CPU time of the load's processes. */
  loadCpuSeconds: z.number(),
  /** NaN travels as null: not known on this system. */
  serverCpuSeconds: z.number().nullable(),
  /** Of everything that runs on the machine, server and load included. */
  machineCpuSeconds: z.number().nullable(),
  /** How much the server's resident memory grew, from before the ramp on. */
  serverGrowthBytes: z.number().nullable(),
  /** From the sender's clock; what `LatencyHistogram.buckets` gives. */
  latency: z.array(z.tuple([z.int(), z.int()])),
});

export type Measure = Readonly<z.infer<typeof measureSchema>>;

/**
 * What a process of the load says, one line of JSON each: `ready` once all is prepared, then a
 * `measure` for every line it is sent, each of which is a turn. It ends when it is sent no more.
 */
export const loadOutputSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("measure"), measure: measureSchema }),
]);

export type LoadOutput = z.infer<typeof loadOutputSchema>;
