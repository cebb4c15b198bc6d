import { runForLeader } from '#server/database/leadership.ts'
import type { Context } from '#server/http/context.ts'
import type { RolePart } from './kafka.ts'

/** Where nodes tell the relay that they have committed: of what, it finds out itself. */
const channel = 'relay'
const tellEveryMs = 2

/** The role `relay`: copies the log to Kafka, where there is one, while this process leads. */
export async function openRelay(context: Context, { kafka, databaseUrl }: RolePart) {
  if (!kafka) return undefined
  const { startRelay } = await import('#server/kafka/relay.ts')
  const { measureRelay } = await import('#server/kafka/measure.ts')
  const { env, log, backplane, database, logger, metrics } = context
  const leadership = runForLeader(databaseUrl, {
    name: 'wireside relay',
    onElected: () => relay.wake(),
    onDeposed: () => undefined,
  })
  const relay = startRelay({
    ...{ kafka, logger, pool: database.checks, isLeading: leadership.isLeading, checkMs: env.LOG_CHECK_MS },
  })
  log.onMove(relay.wake)
  const leave = await backplane.subscribe(channel, relay.wake)
  measureRelay(metrics.registry, relay)
  return {
    isLeading: leadership.isLeading,
    async close() {
      leave()
      await relay.close()
      await leadership.close()
    },
  }
}

/** Tells the relay, on whatever node it is, of the commits of this one; several at once are one message. */
export function tellRelay({ log, backplane }: Pick<Context, 'log' | 'backplane'>): void {
  let isTold = false
  log.onMove((_stream, _seq, reason) => {
    if (reason !== 'commit' || isTold) return
    isTold = true
    setTimeout(() => {
      isTold = false
      backplane.publish(channel, '')
    }, tellEveryMs).unref()
  })
}
