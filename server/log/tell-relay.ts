import type { Backplane } from '#server/backplane/backplane.ts'
import type { PostgresLog } from './postgres-log.ts'

/** Where nodes notify the relay of commits. The message is empty: the relay finds out itself what was committed. */
export const relayChannel = 'relay'
const tellEveryMs = 2

type Parts = { log: Pick<PostgresLog, 'onMove'>; backplane: Pick<Backplane, 'publish'> }

/** Notifies the relay, on whichever node it runs, of this node's commits; several within 2 ms are one message. */
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
