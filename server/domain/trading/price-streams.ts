import { createFeeds, type Feeds } from '#server/log/feeds.ts'
import { createMemoryLog } from '#server/log/memory-log.ts'
import { framesPerSecond } from '#server/protocol/socket.ts'
import { priceStreamOf } from '#server/protocol/trading.ts'
import type { PriceBoard } from './price-board.ts'

/** The streams `prices:<SYMBOL>`, one an instrument. */
export type PriceStreams = {
  /** The feeds that a stream of this name is read from; undefined when it is of no instrument. */
  feedsOf(stream: string): Feeds | undefined
  close(): void
}

/** Of each instrument: half a minute, if it moves all the time. */
const retention = 600
const beatMs = 1_000 / framesPerSecond

/**
 * T16: price streams on the memory log of this process, fed by its board from the first reader on: 20 times a second
 * the latest of what has changed. What another process gave out is a cursor of another epoch here.
 */
export function createPriceStreams(board: PriceBoard, now: () => number = Date.now): PriceStreams {
  const streams = new Set(board.symbols.map(priceStreamOf))
  const log = createMemoryLog({ retention, now })
  const feeds = createFeeds(log)
  let version = 0
  let timer: NodeJS.Timeout | undefined

  function append() {
    const ticks = board.changedSince(version, board.symbols)
    version = board.version()
    if (ticks.length === 0) return
    const entries = ticks.map((tick) => ({ stream: priceStreamOf(tick[0]), type: 'price', data: tick }))
    void log.transact((tx) => log.append(tx, entries))
  }

  return {
    feedsOf(stream) {
      if (!streams.has(stream)) return undefined
      if (!timer) {
        timer = setInterval(append, beatMs)
        append()
      }
      return feeds
    },
    close() {
      clearInterval(timer)
      feeds.close()
    },
  }
}
