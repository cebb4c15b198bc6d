import type { WireExchange } from '#server/protocol.ts'
import { type Exchange, requestIdOf } from './exchange.ts'
import { noTotals, type Totals, totalsOf } from './totals.ts'

/** The latest exchanges of the page, oldest first, and the sums of those that are no longer kept. */
export type Recording = { exchanges: readonly Exchange[]; dropped: Totals }

export const blankRecording: Recording = { exchanges: [], dropped: noTotals }

const keptExchanges = 200
/** How far a script's and the browser's idea of a start may lie apart. */
const timingSlackMs = 250

/** One more exchange has gone out. */
export function withBegun({ exchanges, dropped }: Recording, begun: Exchange): Recording {
  const surplus = Math.max(0, exchanges.length + 1 - keptExchanges)
  return {
    exchanges: [...exchanges.slice(surplus), begun],
    dropped: totalsOf(exchanges.slice(0, surplus), dropped),
  }
}

/** The exchange `id` has become more than it was; nothing happens when it is no longer kept. */
export function withChange(recording: Recording, id: number, change: Partial<Exchange>): Recording {
  const exchanges = recording.exchanges.map((own) => (own.id === id ? { ...own, ...change } : own))
  return { ...recording, exchanges }
}

/** The server's counts, laid beside the exchanges they belong to. */
export function withCounts(recording: Recording, counts: readonly WireExchange[]): Recording {
  const byRequest = new Map(counts.map((count) => [count.requestId, count]))
  const exchanges = recording.exchanges.map((own) => {
    const count = own.counted ? undefined : byRequest.get(requestIdOf(own) ?? '')
    if (!count) return own
    const { bytesIn, bytesOut, queries } = count
    return { ...own, counted: { bytesIn, bytesOut, queries } }
  })
  return { ...recording, exchanges }
}

/** The browser's own account of one exchange, found by its URL and its start. */
export function withTiming(recording: Recording, entry: PerformanceResourceTiming): Recording {
  const { name, startTime, responseEnd, transferSize } = entry
  const timed = recording.exchanges.find(
    ({ path, timing, startedTicks }) =>
      !timing && name.endsWith(path) && Math.abs(startTime - startedTicks) < timingSlackMs,
  )
  if (!timed) return recording
  return withChange(recording, timed.id, {
    timing: { tookMs: responseEnd - startTime, transferBytes: transferSize },
  })
}
