import type { Backplane } from '#server/backplane/backplane.ts'
import type { PostgresLog } from './postgres-log.ts'

/** Where nodes tell the relay that they have committed: of what, it finds out itself. */
export const relayChannel = 'relay'
const tellEveryMs = 2

type Parts = { log: Pick<PostgresLog, 'onMove'>; backplane: Pick<Backplane, 'publish'> }

/** Tells the relay, on whatever node it is, of the commits of this one; several at once are one message. */
export function tellRelay({ log, backplane }: Parts): void {
  let isTold = false
  log.onMove((_stream, _seq, reason) => {
    if (reason !== 'commit' || isTold) return
    isTold = true
    setTimeout(() => {
      isTold = false
      backplane.publish(relayChannel, '')
    }, tellEveryMs).unref()
  })
}
