import type { DrillName } from '#server/protocol/lab.ts'
import { drill as bufferingProxy } from './buffering-proxy.ts'
import { drill as cutEverybody } from './cut-everybody.ts'
import type { Drill } from './drill.ts'
import { drill as freezeTheLine } from './freeze-the-line.ts'
import { drill as idleAtTheBalancer } from './idle-at-the-balancer.ts'
import { drill as killAGateway } from './kill-a-gateway.ts'
import { drill as killTheBroker } from './kill-the-broker.ts'
import { drill as reconnectHerd } from './reconnect-herd.ts'
import { drill as restartPostgres } from './restart-postgres.ts'
import { drill as restartRedis } from './restart-redis.ts'
import { drill as restartTheBalancer } from './restart-the-balancer.ts'
import { drill as restartTheServer } from './restart-the-server.ts'
import { drill as revokeTheSession } from './revoke-the-session.ts'
import { drill as rollTheCluster } from './roll-the-cluster.ts'
import { drill as shareAGroup } from './share-a-group.ts'
import { drill as stopReading } from './stop-reading.ts'

/** Every drill by its name. */
export const drills: Record<DrillName, Drill> = {
  'cut-everybody': cutEverybody,
  'freeze-the-line': freezeTheLine,
  'buffering-proxy': bufferingProxy,
  'stop-reading': stopReading,
  'restart-postgres': restartPostgres,
  'restart-the-server': restartTheServer,
  'reconnect-herd': reconnectHerd,
  'revoke-the-session': revokeTheSession,
  'kill-a-gateway': killAGateway,
  'restart-the-balancer': restartTheBalancer,
  'restart-redis': restartRedis,
  'kill-the-broker': killTheBroker,
  'share-a-group': shareAGroup,
  'idle-at-the-balancer': idleAtTheBalancer,
  'roll-the-cluster': rollTheCluster,
}
