import type { TrapName } from '#server/protocol/lab.ts'
import { trap as balancerPorts } from './balancer-ports.ts'
import { trap as bufferingProxies } from './buffering-proxies.ts'
import { trap as ephemeralPorts } from './ephemeral-ports.ts'
import { trap as eventSourceEndsOn503 } from './event-source-ends-on-503.ts'
import { trap as moduleCopies } from './module-copies.ts'
import { trap as notifyLimits } from './notify-limits.ts'
import { trap as notifySerialises } from './notify-serialises.ts'
import { trap as offlineTabs } from './offline-tabs.ts'
import { trap as oneConsumerGroup } from './one-consumer-group.ts'
import { trap as reconnectHerds } from './reconnect-herds.ts'
import { trap as redisPubSub } from './redis-pub-sub.ts'
import { trap as sequenceGaps } from './sequence-gaps.ts'
import { trap as sixConnections } from './six-connections.ts'
import { trap as slowReaders } from './slow-readers.ts'
import { trap as socketIoRecovery } from './socket-io-recovery.ts'
import { trap as somebodyElsesEtag } from './somebody-elses-etag.ts'
import { trap as stickySessions } from './sticky-sessions.ts'
import type { Trap } from './trap.ts'
import { trap as websocketOrigin } from './websocket-origin.ts'

/** Every trap by its name. */
export const traps: Record<TrapName, Trap> = {
  'six-connections': sixConnections,
  'event-source-ends-on-503': eventSourceEndsOn503,
  'buffering-proxies': bufferingProxies,
  'offline-tabs': offlineTabs,
  'sequence-gaps': sequenceGaps,
  'notify-limits': notifyLimits,
  'notify-serialises': notifySerialises,
  'websocket-origin': websocketOrigin,
  'sticky-sessions': stickySessions,
  'socket-io-recovery': socketIoRecovery,
  'slow-readers': slowReaders,
  'reconnect-herds': reconnectHerds,
  'module-copies': moduleCopies,
  'somebody-elses-etag': somebodyElsesEtag,
  'ephemeral-ports': ephemeralPorts,
  'balancer-ports': balancerPorts,
  'redis-pub-sub': redisPubSub,
  'one-consumer-group': oneConsumerGroup,
}
