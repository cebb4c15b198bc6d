import { z } from 'zod'
import { drillNames, labLimits, storyModes, trapNames } from './lab.ts'
import { nameText } from './text-schemas.ts'

/** What lies between the clients and the server: a TCP proxy that does this to real traffic. */
export const networkSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('clean') }),
  /** Each chunk is late by `delayMs`, give or take up to `jitterMs`, in each direction, and stays in order. */
  z.strictObject({
    kind: z.literal('slow'),
    delayMs: z.int().min(1).max(5_000),
    jitterMs: z.int().min(0).max(5_000),
  }),
  /** Every so often all connections are reset, and none is taken for `forMs`. */
  z.strictObject({
    kind: z.literal('cut'),
    everySeconds: z.int().min(2).max(3_600),
    forMs: z.int().min(0).max(60_000),
  }),
  /** Once, nothing passes in either direction, and nothing is closed. */
  z.strictObject({
    kind: z.literal('freeze'),
    atSeconds: z.int().min(1).max(3_600),
    forSeconds: z.int().min(1).max(120),
  }),
  /** Holds the bodies of answers until they end, or until 64 KB have gathered. */
  z.strictObject({ kind: z.literal('buffering') }),
  /** Resets a connection over which nothing has passed for so long. */
  z.strictObject({ kind: z.literal('idle-timeout'), seconds: z.int().min(1).max(600) }),
])
export type Network = z.infer<typeof networkSchema>

const clients = z.int().min(0).max(labLimits.maxClients)

/** One run: the same events down all four. */
export const scenarioSchema = z.strictObject({
  eventsPerSecond: z.number().min(labLimits.minEventsPerSecond).max(labLimits.maxEventsPerSecond),
  /** Events that the writer makes at once; the rate stays. */
  burst: z.int().min(1).max(500),
  /** About so much of text in the data of each entry. */
  payloadBytes: z.int().min(0).max(labLimits.maxPayloadBytes),
  seconds: z.int().min(2).max(labLimits.maxSeconds),
  /** Of short polling. */
  pollMs: z.int().min(100).max(600_000),
  /** The crowd without a browser. */
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
    /** In each mode; the run goes through all of them, and changes to the one that is asked for by `story:mode`. */
    secondsEach: z.int().min(3).max(120),
  }),
])
export type RunOrder = z.infer<typeof runOrderSchema>
export const runNameSchema = z.strictObject({ name: nameText(80) })
export const storyModeSchema = z.strictObject({ mode: z.enum(storyModes) })
