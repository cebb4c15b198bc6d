import type { ClusterPart, ClusterPartKind } from '#server/protocol/lab-cluster.ts'

/** The purpose of each part, in a word or two. */
export const partWords = {
  browsers: 'headless clients',
  balancer: 'load balancer',
  web: 'pages and HTTP',
  gateway: 'streams and sockets',
  worker: 'jobs',
  prices: 'price service',
  relay: 'log to Kafka',
  postgres: 'the log',
  redis: 'wake-ups',
  kafka: 'entries',
} as const satisfies Record<ClusterPartKind, string>

export const stateWords = {
  starting: 'starting',
  ready: 'ready',
  draining: 'draining',
  down: 'down',
  ended: 'ended',
} as const satisfies Record<ClusterPart['state'], string>
