import type { Logger } from 'pino'
import { z } from 'zod'
import type { Kafka } from '#server/kafka/connection.ts'
import type { TopicRecord } from '#server/kafka/fetch-records.ts'
import { createKafkaLog, type SkipReason } from '#server/kafka/kafka-log.ts'
import { createFeeds } from '#server/log/feeds.ts'
import type { Entry } from '#server/log/log.ts'
import { priceStreamOf } from '#server/protocol/trading.ts'
import type { Instrument } from './instruments.ts'
import type { PriceBoard } from './price-board.ts'
import type { PriceStreams } from './price-streams.ts'
import { producePrices } from './produce-prices.ts'

export type PriceTopic = {
  streams: PriceStreams
  /** When prices last arrived, by `performance.now()`. */
  heardAt(): number
  /** Records skipped, by reason. */
  skipped(): Readonly<Record<SkipReason, number>>
  close(): Promise<void>
}

type PriceTopicParts = {
  kafka: Kafka
  board: PriceBoard
  instruments: readonly Instrument[]
  /** The term in which this process makes the prices; undefined while another does. */
  term(): number | undefined
  /** The database clock's time, in epoch ms. */
  nowMs(): number
  /** Whether this process may be elected to make the prices. */
  makesPrices: boolean
  logger: Logger
}

/** A leader silent for this long is presumed gone, and its term no longer counts. */
const goneMs = 10_000

/** Reads the price topic, and produces to it while this process makes the prices. */
export function openPriceTopic(parts: PriceTopicParts): PriceTopic {
  const reading = readPriceTopic(parts)
  const producing = parts.makesPrices ? producePrices(parts) : undefined
  return {
    ...reading,
    async close() {
      await Promise.all([producing?.close(), reading.close()])
    },
  }
}

/**
 * T16: consumes the price topic: onto the board, unless this process makes the prices itself, and as the streams
 * `prices:<SYMBOL>`, whose cursors are valid on every node.
 *
 * Records that a deposed leader still produced are skipped in each partition by record time, so that every process that
 * read from before the change skips the same ones.
 */
function readPriceTopic({ kafka, board, instruments, term, nowMs }: PriceTopicParts): PriceTopic {
  const newest = new Map<string, { term: number; madeAtMs: number }>()
  let heardAt = Number.NEGATIVE_INFINITY

  function admit(stream: string, { json }: Entry, headers: TopicRecord['headers']): SkipReason | undefined {
    const { data: price } = priceSchema.safeParse(JSON.parse(json))
    const { data: made } = termSchema.safeParse(textOf(headers, 'term'))
    if (!price || made === undefined || priceStreamOf(price.data[0]) !== stream) return 'broken'
    const madeAtMs = Date.parse(price.at)
    const last = newest.get(stream)
    if (last && made < last.term && madeAtMs - last.madeAtMs < goneMs) return 'term'
    newest.set(stream, { term: made, madeAtMs })
    const ageMs = Math.max(0, nowMs() - madeAtMs)
    // An old record was the last of its time, whoever has led since.
    if (ageMs < goneMs && !board.admits(made)) return undefined
    if (term() !== undefined) return undefined
    board.set(price.data, ageMs)
    if (ageMs < goneMs) heardAt = performance.now()
    return undefined
  }

  const log = createKafkaLog({
    kafka,
    topic: kafka.topic('prices'),
    streams: instruments.map(({ symbol, partition }) => ({
      stream: priceStreamOf(symbol),
      partition,
      key: symbol,
    })),
    admit,
  })
  const feeds = createFeeds(log)
  const names = new Set(instruments.map(({ symbol }) => priceStreamOf(symbol)))

  return {
    streams: { feedsOf: (stream) => (names.has(stream) ? feeds : undefined), close: feeds.close },
    heardAt: () => heardAt,
    skipped: log.skipped,
    close: log.close,
  }
}

const priceSchema = z.object({
  at: z.iso.datetime(),
  data: z.tuple([z.string(), z.int(), z.int(), z.int(), z.int()]),
})
const termSchema = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)

function textOf(headers: TopicRecord['headers'], name: string): string | undefined {
  const [, text] = headers.find(([each]) => each?.toString() === name) ?? []
  return text?.toString()
}
