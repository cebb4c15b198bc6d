import { runForLeader } from '#server/database/leadership.ts'
import type { Context } from '#server/http/context.ts'
import { relayChannel } from '#server/log/tell-relay.ts'
import type { RolePart } from './kafka.ts'

/** The role `relay`: copies the log to Kafka, if there is one, while this process is the leader. */
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
  const leave = await backplane.subscribe(relayChannel, relay.wake)
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
