import type { Context } from '#server/http/context.ts'
import type { RolePart } from './kafka.ts'

/** The role `gateway`: besides what it serves, it receives the entries of other nodes from Kafka, if there is one. */
export async function openGateway({ feeds, log, logger, metrics }: Context, { kafka }: RolePart) {
  if (!kafka) return undefined
  const { receiveEntries } = await import('#server/kafka/receive-entries.ts')
  const { measureReceived } = await import('#server/kafka/measure.ts')
  const entries = receiveEntries(kafka, { feeds, epoch: log.epoch, logger })
  measureReceived(metrics.registry, entries)
  return { close: entries.close, isConnected: entries.isConnected }
}
