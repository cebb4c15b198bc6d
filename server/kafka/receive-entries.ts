import type { Logger } from 'pino'
import type { Feeds } from '#server/log/feeds.ts'
import { passHop } from '#server/log/hops.ts'
import type { Kafka } from './connection.ts'
import { ensureEntriesTopic } from './entries-topic.ts'
import type { TopicRecord } from './fetch-records.ts'
import { followTopic } from './follow-topic.ts'
import { KafkaUnusable } from './kafka-unusable.ts'
import { decodeValue, type SkipReason, streamOf } from './record.ts'

export type ReceivedEntries = {
  /** Records received, of all streams. */
  received(): number
  /** Entries that needed no read from Postgres here. */
  taken(): number
  /** Records that were skipped, by reason. */
  skipped(): Readonly<Record<SkipReason, number>>
  isConnected(): boolean
  close(): Promise<void>
}

type Parts = {
  feeds: Pick<Feeds, 'keeps' | 'receive'>
  epoch(): string
  logger: Logger
}

/** Passes entries received over Kafka to the feeds of this process. Never throws, and never ends the process. */
export function receiveEntries(kafka: Kafka, { feeds, epoch, logger }: Parts): ReceivedEntries {
  const skipped: Record<SkipReason, number> = { broken: 0, foreign: 0, oversized: 0, repeated: 0 }
  let received = 0
  let taken = 0
  let isFailing = false

  function take(record: TopicRecord) {
    received += 1
    const found = streamOf(record, epoch())
    if (typeof found === 'string') {
      skipped[found] += 1
      return
    }
    const { stream, value } = found
    if (!feeds.keeps(stream)) return
    const entry = decodeValue(stream, value)
    if (!entry) {
      skipped.broken += 1
      return
    }
    passHop({ hop: 'fetched', stream, seq: entry.seq })
    const result = feeds.receive(stream, entry)
    if (result === 'taken') taken += 1
    else if (result === 'repeated') skipped.repeated += 1
  }

  function onState(failure?: unknown) {
    if (failure !== undefined && !isFailing) {
      const why = failure instanceof KafkaUnusable ? `: ${failure.message}` : ''
      logger.warn(
        { err: failure },
        `Entries do not come over Kafka; they are read from Postgres meanwhile${why}`,
      )
    }
    if (failure === undefined && isFailing) logger.info('Entries come over Kafka again')
    isFailing = failure !== undefined
  }

  const topic = followTopic(kafka, {
    topic: kafka.topic('entries'),
    prepare: () => ensureEntriesTopic(kafka),
    onRecord: take,
    onUnreadable() {
      skipped.broken += 1
    },
    onState,
  })

  return {
    received: () => received,
    taken: () => taken,
    skipped: () => skipped,
    isConnected: topic.isConnected,
    close: topic.close,
  }
}
