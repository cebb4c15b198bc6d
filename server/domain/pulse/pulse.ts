import { createFeeds, type Feeds } from '#server/log/feeds.ts'
import { createMemoryLog } from '#server/log/memory-log.ts'

export const pulseStream = 'pulse'

export type Pulse = { feeds: Feeds; close(): void }

type Options = { retention?: number; awakeMs?: number; gapMs?: () => number }

/** The home page's gaps: two to nine seconds, so that the wait of each delivery shows. */
const naturalGapMs = () => 2_000 + Math.random() * 7_000

/**
 * The public demo stream, on the memory log. It beats only while somebody reads it, and for `awakeMs` after, because a
 * short poll is still a reader between two polls.
 */
export function createPulse({
  retention = 1_000,
  awakeMs = 20_000,
  gapMs = naturalGapMs,
}: Options = {}): Pulse {
  const log = createMemoryLog({ retention })
  const feeds = createFeeds(log)
  let readAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  function wake() {
    readAt = performance.now()
    timer ??= setTimeout(beat, gapMs()).unref()
  }

  async function beat() {
    timer = undefined
    const isHeld = feeds.followers(pulseStream) > 0
    if (!isHeld && performance.now() - readAt > awakeMs) return
    // Schedule the next beat first: a reader during this write would start a second timer.
    timer = setTimeout(beat, gapMs()).unref()
    await log.transact((tx) => log.append(tx, [{ stream: pulseStream, type: 'pulse', data: { beat: true } }]))
  }

  return {
    feeds: {
      ...feeds,
      read(stream, after) {
        wake()
        return feeds.read(stream, after)
      },
      // Waiting and following keep the pulse beating.
      follow(stream, from, follower, revokesAccess) {
        wake()
        return feeds.follow(stream, from, follower, revokesAccess)
      },
    },
    close() {
      clearTimeout(timer)
      feeds.close()
    },
  }
}
