import { createFeeds, type Feeds } from '#server/log/feeds.ts'
import type { Cursor } from '#server/log/log.ts'
import { createMemoryLog } from '#server/log/memory-log.ts'

export const pulseStream = 'pulse'

export type Pulse = {
  feeds: Feeds
  /** Appends an entry that somebody asked for. */
  send(): Promise<Cursor>
  close(): void
}

type Options = { retention?: number; gapMs?: () => number }

/** The home page's gaps: two to nine seconds, so that the wait of each delivery shows. */
const naturalGapMs = () => 2_000 + Math.random() * 7_000

/**
 * The public demo stream, on the memory log. It beats as long as the process lives, so that visitors see
 * the last half minute. That costs one entry in memory every few seconds.
 */
export function createPulse({ retention = 1_000, gapMs = naturalGapMs }: Options = {}): Pulse {
  const log = createMemoryLog({ retention })
  const feeds = createFeeds(log)
  let timer = setTimeout(beat, gapMs()).unref()

  async function beat() {
    timer = setTimeout(beat, gapMs()).unref()
    await append({ beat: true })
  }

  async function append(data: { beat: boolean }): Promise<Cursor> {
    const [head] = await log.transact((tx) => log.append(tx, [{ stream: pulseStream, type: 'pulse', data }]))
    return { epoch: log.epoch(), seq: head?.seq ?? 0 }
  }

  return {
    feeds,
    send: () => append({ beat: false }),
    close() {
      clearTimeout(timer)
      feeds.close()
    },
  }
}
