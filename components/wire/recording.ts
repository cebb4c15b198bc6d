import type { WireExchange } from '#server/protocol/exchanges.ts'
import { type Exchange, requestIdOf, type StreamSoFar, tookMsOf } from './exchange.ts'
import type { Frame } from './frame.ts'
import { noTotals, type Totals, totalsOf } from './totals.ts'

/** The page's latest exchanges and frames, oldest first, and the totals of exchanges no longer kept. */
export type Recording = { exchanges: readonly Exchange[]; frames: readonly Frame[]; dropped: Totals }

export const blankRecording: Recording = { exchanges: [], frames: [], dropped: noTotals }

const keptExchanges = 200
const keptFrames = 400
/** How far the start times of a script and of the browser may differ, in ms. */
const timingSlackMs = 250

/** Adds an exchange that was just sent, dropping the oldest that is not open if there are too many. */
export function withBegun(recording: Recording, begun: Exchange): Recording {
  const { exchanges, dropped } = recording
  const surplus = Math.max(0, exchanges.length + 1 - keptExchanges)
  const leaving = new Set(exchanges.filter((own) => tookMsOf(own) !== undefined).slice(0, surplus))
  return {
    ...recording,
    exchanges: [...exchanges.filter((own) => !leaving.has(own)), begun],
    dropped: totalsOf([...leaving], dropped),
  }
}

/** Adds `bytes` to a stream, and the `frames` that they completed. */
export function withFrames(
  recording: Recording,
  id: number,
  frames: readonly Frame[],
  bytes: number,
): Recording {
  const grown = withStream(recording, id, (stream) => ({
    ...stream,
    frames: stream.frames + frames.length,
    bytes: stream.bytes + bytes,
  }))
  return { ...grown, frames: [...recording.frames, ...frames].slice(-keptFrames) }
}

/** Marks a stream as ended. */
export function withStreamEnd(
  recording: Recording,
  id: number,
  closed: NonNullable<StreamSoFar['closed']>,
): Recording {
  return withStream(recording, id, (stream) => ({ ...stream, closed }))
}

function withStream(
  recording: Recording,
  id: number,
  change: (stream: StreamSoFar) => StreamSoFar,
): Recording {
  const exchanges = recording.exchanges.map((own) =>
    own.id === id && own.stream ? { ...own, stream: change(own.stream) } : own,
  )
  return { ...recording, exchanges }
}

/** Updates the exchange `id`; does nothing if it is no longer kept. */
export function withChange(recording: Recording, id: number, change: Partial<Exchange>): Recording {
  const exchanges = recording.exchanges.map((own) => (own.id === id ? { ...own, ...change } : own))
  return { ...recording, exchanges }
}

/** Adds the server's counts to the exchanges they belong to; those of an open stream grow. */
export function withCounts(recording: Recording, counts: readonly WireExchange[]): Recording {
  const byRequest = new Map(counts.map((count) => [count.requestId, count]))
  const exchanges = recording.exchanges.map((own) => {
    const settled = own.counted && !own.counted.open
    const count = settled ? undefined : byRequest.get(requestIdOf(own) ?? '')
    if (!count) return own
    const { bytesIn, bytesOut, queries, open } = count
    return { ...own, counted: { bytesIn, bytesOut, queries, open } }
  })
  return { ...recording, exchanges }
}

/** Adds the browser's timing entry to its exchange, matched by URL and start time. */
export function withTiming(recording: Recording, entry: PerformanceResourceTiming): Recording {
  const { name, startTime, responseEnd, transferSize, nextHopProtocol } = entry
  const timed = recording.exchanges.find(
    ({ path, timing, startedTicks }) =>
      !timing && name.endsWith(path) && Math.abs(startTime - startedTicks) < timingSlackMs,
  )
  if (!timed) return recording
  return withChange(recording, timed.id, {
    timing: { tookMs: responseEnd - startTime, transferBytes: transferSize, protocol: nextHopProtocol },
  })
}
