/**
 * The lab on the wire: what a run can be ordered to do. Its events are in `lab-runs.ts`, its measurements in
 * `lab-report.ts`.
 */

/** The deliveries, as rows of every table and keys of every report. */
export const deliveryNames = ['short', 'long', 'sse', 'socket'] as const
export type DeliveryName = (typeof deliveryNames)[number]

/**
 * `control` is the naive client of most tutorials: an event stream that reconnects without saying what it has received.
 */
export type LaneName = DeliveryName | 'control'

export const labLimits = {
  maxClients: 5_000,
  maxEventsPerSecond: 500,
  minEventsPerSecond: 0.001,
  maxSeconds: 600,
  maxPayloadBytes: 8_000,
} as const

/** The drills: each injects a real fault, with our client and with a naive one. */
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

/**
 * The traps that a run can demonstrate, along with a way around each; those that need a browser open a port for the
 * page.
 */
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

/** How the server of the database story answers a poll. `redis` is skipped where redis-server is missing. */
export const storyModes = ['naive', 'cached', 'redis', 'shared'] as const
export type StoryMode = (typeof storyModes)[number]

/** What may be asked of a running cluster. */
export const clusterActions = [
  'add-gateway',
  'drain-gateway',
  'kill-gateway',
  'roll-gateways',
  'send-message',
] as const
export type ClusterAction = (typeof clusterActions)[number]
