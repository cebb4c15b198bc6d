/** The lab on the wire: what a run is asked for. What it tells is in `lab-runs.ts`, what it measures in `lab-report.ts`. */

/** The deliveries, as rows of every table and keys of every report. */
export const deliveryNames = ['short', 'long', 'sse', 'socket'] as const
export type DeliveryName = (typeof deliveryNames)[number]

/** `control` is the naive client of most tutorials: an event stream that comes back without saying what it has seen. */
export type LaneName = DeliveryName | 'control'

export const labLimits = {
  maxClients: 5_000,
  maxEventsPerSecond: 500,
  minEventsPerSecond: 0.001,
  maxSeconds: 600,
  maxPayloadBytes: 8_000,
} as const

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
