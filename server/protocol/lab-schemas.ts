import { z } from 'zod'
import { clusterActions, drillNames, labLimits, storyModes, trapNames } from './lab.ts'
import { nameText } from './text-schemas.ts'

/** The network between clients and server: a TCP proxy that does this to real traffic. */
export const networkSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('clean') }),
  /** Delays each chunk by `delayMs` ± up to `jitterMs`, in each direction, keeping the order. */
  z.strictObject({
    kind: z.literal('slow'),
    delayMs: z.int().min(1).max(5_000),
    jitterMs: z.int().min(0).max(5_000),
  }),
  /** Periodically resets all connections, and refuses new ones for `forMs`. */
  z.strictObject({
    kind: z.literal('cut'),
    everySeconds: z.int().min(2).max(3_600),
    forMs: z.int().min(0).max(60_000),
  }),
  /** Once, lets nothing pass in either direction, without closing anything. */
  z.strictObject({
    kind: z.literal('freeze'),
    atSeconds: z.int().min(1).max(3_600),
    forSeconds: z.int().min(1).max(120),
  }),
  /** Holds response bodies until they end, or until 64 KB have accumulated. */
  z.strictObject({ kind: z.literal('buffering') }),
  /** Resets connections that have been idle for this long. */
  z.strictObject({ kind: z.literal('idle-timeout'), seconds: z.int().min(1).max(600) }),
])
export type Network = z.infer<typeof networkSchema>

const clients = z.int().min(0).max(labLimits.maxClients)

/** One run: the same events through all four deliveries. */
export const scenarioSchema = z.strictObject({
  eventsPerSecond: z.number().min(labLimits.minEventsPerSecond).max(labLimits.maxEventsPerSecond),
  /** Events that the writer commits at once; the average rate stays the same. */
  burst: z.int().min(1).max(500),
  /** Approximate size of the text in each entry's data. */
  payloadBytes: z.int().min(0).max(labLimits.maxPayloadBytes),
  seconds: z.int().min(2).max(labLimits.maxSeconds),
  /** Interval of short polling. */
  pollMs: z.int().min(100).max(600_000),
  /** The clients outside the browser. */
  clients: z.strictObject({ short: clients, long: clients, sse: clients, socket: clients }),
  network: networkSchema,
})
export type Scenario = z.infer<typeof scenarioSchema>

export const runOrderSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('scenario'), name: nameText(80).optional(), scenario: scenarioSchema }),
  z.strictObject({ kind: z.literal('drill'), drill: z.enum(drillNames) }),
  z.strictObject({ kind: z.literal('trap'), trap: z.enum(trapNames) }),
  z.strictObject({
    kind: z.literal('story'),
    pollers: z.int().min(1).max(10_000),
    pollMs: z.int().min(500).max(60_000),
    /** Per mode; the run goes through all of them, and `story:mode` switches to another. */
    secondsEach: z.int().min(3).max(120),
  }),
  /** Runs until it is stopped, or nobody has followed it for ten minutes. */
  z.strictObject({ kind: z.literal('cluster') }),
])
export type RunOrder = z.infer<typeof runOrderSchema>
export const runNameSchema = z.strictObject({ name: nameText(80) })
export const clusterActionSchema = z.strictObject({ action: z.enum(clusterActions) })
export const storyModeSchema = z.strictObject({ mode: z.enum(storyModes) })
