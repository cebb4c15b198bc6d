import { createFeeds, type Feeds } from '#server/log/feeds.ts'
import { formatCursor } from '#server/log/log.ts'
import { createMemoryLog } from '#server/log/memory-log.ts'
import type { RunEvent } from '#server/protocol/lab-runs.ts'

/** The streams `lab:<run>` of this process's runs, each on a memory log of its own: live figures are disposable. */
export type RunStreams = {
  open(runId: string): void
  /** Appends a run's event as `run.<type>`. */
  tell(runId: string, event: RunEvent): Promise<void>
  /** The head of a run's stream; undefined when there is none (any more). */
  cursorOf(runId: string): Promise<string | undefined>
  /** The feeds to read a stream from; undefined when there is none (any more). */
  feedsOf(stream: string): Feeds | undefined
  /** The run is over: its stream is deleted some minutes later, once nobody follows it. */
  over(runId: string): void
  close(): void
}

const streamOf = (runId: string) => `lab:${runId}`

/** Each stream keeps its newest `retention` entries, until `keptMs` after the end of its run. */
export function createRunStreams({ retention = 2_000, keptMs = 300_000 } = {}): RunStreams {
  const streams = new Map<string, { log: ReturnType<typeof createMemoryLog>; feeds: Feeds }>()
  const timers = new Set<NodeJS.Timeout>()

  function forget(stream: string) {
    const feeds = streams.get(stream)?.feeds
    if (feeds && feeds.followers(stream) > 0) return later(stream)
    streams.delete(stream)
    feeds?.close()
  }

  function later(stream: string) {
    const timer = setTimeout(() => {
      timers.delete(timer)
      forget(stream)
    }, keptMs).unref()
    timers.add(timer)
  }

  return {
    open(runId) {
      const log = createMemoryLog({ retention })
      streams.set(streamOf(runId), { log, feeds: createFeeds(log) })
    },
    async tell(runId, event) {
      const stream = streamOf(runId)
      const log = streams.get(stream)?.log
      await log?.transact((tx) => log.append(tx, [{ stream, type: `run.${event.type}`, data: event }]))
    },
    async cursorOf(runId) {
      const stream = streamOf(runId)
      const head = await streams.get(stream)?.feeds.open(stream)
      return head && formatCursor(head)
    },
    feedsOf: (stream) => streams.get(stream)?.feeds,
    over: (runId) => later(streamOf(runId)),
    close() {
      for (const timer of timers) clearTimeout(timer)
      for (const { feeds } of streams.values()) feeds.close()
      streams.clear()
    },
  }
}
