/** The lab on the wire: what a run is asked for. What it tells is in `lab-runs.ts`, what it measures in `lab-report.ts`. */
import { z } from 'zod'
import { nameText } from './text.ts'

/** The deliveries, as rows of every table and keys of every report. */
export const deliveryNames = ['short', 'long', 'sse', 'socket'] as const
export type DeliveryName = (typeof deliveryNames)[number]

/** `control` is the naive client of most tutorials: an event stream that comes back without saying what it has seen. */
export type LaneName = DeliveryName | 'control'

// ---- What is asked for

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

export const labLimits = {
  maxClients: 5_000,
  maxEventsPerSecond: 500,
  minEventsPerSecond: 0.001,
  maxSeconds: 600,
  maxPayloadBytes: 8_000,
} as const

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

/** The drills: each breaks something for real, with our client and with a naive one. */
export const drillNames = [
  'cut-everybody',
  'freeze-the-line',
  'buffering-proxy',
  'stop-reading',
  'restart-postgres',
  'restart-the-server',
  'reconnect-herd',
  'revoke-the-session',
  'kill-a-gateway',
  'restart-the-balancer',
  'restart-redis',
  'kill-the-broker',
  'share-a-group',
  'idle-at-the-balancer',
  'roll-the-cluster',
] as const
export type DrillName = (typeof drillNames)[number]

/** The traps that a run can walk into and round; those that need a browser open a door to the page. */
export const trapNames = [
  'six-connections',
  'event-source-ends-on-503',
  'buffering-proxies',
  'offline-tabs',
  'sequence-gaps',
  'notify-limits',
  'notify-serialises',
  'websocket-origin',
  'sticky-sessions',
  'socket-io-recovery',
  'slow-readers',
  'reconnect-herds',
  'module-copies',
  'somebody-elses-etag',
  'ephemeral-ports',
  'balancer-ports',
  'redis-pub-sub',
  'one-consumer-group',
] as const
export type TrapName = (typeof trapNames)[number]

/** How the polled server of the database story answers a poll. `redis` is left out where there is no redis-server. */
export const storyModes = ['naive', 'cached', 'redis', 'shared'] as const
export type StoryMode = (typeof storyModes)[number]

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
