import { createFeeds, type Feeds } from '#server/log/feeds.ts'
import { createMemoryLog } from '#server/log/memory-log.ts'
import { framesPerSecond } from '#server/protocol/socket.ts'
import { priceStreamOf } from '#server/protocol/trading.ts'
import type { PriceBoard } from './price-board.ts'

/** The streams `prices:<SYMBOL>`, one per instrument. */
export type PriceStreams = {
  /** The feeds to read a stream from; undefined when no instrument has this stream. */
  feedsOf(stream: string): Feeds | undefined
  close(): void
}

/** Per instrument: half a minute if it changes in every frame. */
const retention = 600
const beatMs = 1_000 / framesPerSecond

/**
 * T16: price streams on this process's memory log, fed from its board once there is a reader: the latest changes, 20
 * times a second. A cursor from another process has another epoch here.
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
