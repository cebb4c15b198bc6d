import type { DrillName } from '#server/protocol/lab.ts'
import { drill as bufferingProxy } from './buffering-proxy.ts'
import { drill as cutEverybody } from './cut-everybody.ts'
import type { Drill } from './drill.ts'
import { drill as freezeTheLine } from './freeze-the-line.ts'
import { drill as reconnectHerd } from './reconnect-herd.ts'
import { drill as restartPostgres } from './restart-postgres.ts'
import { drill as restartTheServer } from './restart-the-server.ts'
import { drill as revokeTheSession } from './revoke-the-session.ts'
import { drill as stopReading } from './stop-reading.ts'

/** All that can be broken. */
export const drills: Record<DrillName, Drill> = {
  'cut-everybody': cutEverybody,
  'freeze-the-line': freezeTheLine,
  'buffering-proxy': bufferingProxy,
  'stop-reading': stopReading,
  'restart-postgres': restartPostgres,
  'restart-the-server': restartTheServer,
  'reconnect-herd': reconnectHerd,
  'revoke-the-session': revokeTheSession,
}
