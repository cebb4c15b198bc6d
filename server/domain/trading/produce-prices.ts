import type { Logger } from 'pino'
import type { Kafka, TextProducer } from '#server/kafka/connection.ts'
import { encodeLogValue } from '#server/kafka/log-record.ts'
import { ensurePricesTopic } from '#server/kafka/prices-topic.ts'
import { framesPerSecond } from '#server/protocol/socket.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import { type Instrument, partitionsFor } from './instruments.ts'
import type { PriceBoard } from './price-board.ts'

type Parts = {
  kafka: Kafka
  board: PriceBoard
  instruments: readonly Instrument[]
  /** The term in which this process makes the prices; undefined while another does. */
  term(): number | undefined
  /** The database clock's time, in epoch ms. */
  nowMs(): number
  logger: Logger
}

const beatMs = 1_000 / framesPerSecond
const retryMs = 250

/**
 * Produces to Kafka the prices that this process makes: changes only, at most 20 times a second, each instrument to its
 * own partition, with the term. One batch is in flight at a time; while Kafka is unavailable, newer prices replace
 * waiting ones.
 */
export function producePrices({ kafka, board, instruments, term, nowMs, logger }: Parts): {
  close(): Promise<void>
} {
  const topic = kafka.topic('prices')
  const partitionOf = new Map(instruments.map(({ symbol, partition }) => [symbol, partition]))
  let producer: TextProducer | undefined
  let led: number | undefined
  let produced = 0
  let sending: Promise<void> | undefined
  let retryAt = 0
  let isFailing = false
  const leave = board.onTick(noteTerm)
  const timer = setInterval(beat, beatMs)

  /** Never re-produces another leader's prices: a term begins with the first tick made in it. */
  function noteTerm() {
    const mine = term()
    if (mine !== led) produced = board.version() - 1
    led = mine
  }

  function beat() {
    const mine = term()
    if (sending || performance.now() < retryAt || mine === undefined || mine !== led) return
    const before = produced
    const ticks = board.changedSince(produced, board.symbols)
    if (ticks.length === 0) return
    produced = board.version()
    sending = send(mine, ticks)
      .catch(async (error) => {
        if (mine === led) produced = before
        retryAt = performance.now() + retryMs
        if (!isFailing) logger.warn({ err: error }, 'Could not produce prices; trying again')
        isFailing = true
        await discard()
      })
      .finally(() => {
        sending = undefined
      })
  }

  async function send(mine: number, ticks: readonly WireTick[]) {
    if (!producer) {
      await ensurePricesTopic(kafka, partitionsFor(instruments))
      producer = kafka.producer()
    }
    // Getting here may have taken long.
    if (term() !== mine) return
    const at = new Date(nowMs()).toISOString()
    await producer.send({
      messages: ticks.map((tick) => ({
        ...{ topic, key: tick[0], partition: partitionOf.get(tick[0]) ?? -1 },
        ...{ value: encodeLogValue('price', at, JSON.stringify(tick)), headers: { term: String(mine) } },
      })),
    })
    isFailing = false
  }

  async function discard() {
    const gone = producer
    producer = undefined
    // Not awaited: a frozen broker would block it.
    gone?.close().catch(() => undefined)
  }

  return {
    async close() {
      leave()
      clearInterval(timer)
      await sending
      await producer?.close().catch(() => undefined)
    },
  }
}
