import { formatBytes, formatCount, formatDuration, missing, onItsWay } from '#components/ui/format.ts'
import { median } from '#server/protocol/median.ts'
import { type Ask, type PulseWire, type Trace, windowMs } from './trace.ts'

/** One wire's figures over the last 30 s. A figure without measurements is absent. */
export type Figures = { medianWaitMs?: number; opened: number; receivedBytes?: number; unmeasured: number }

/** The figures of a wire up to `nowMs`; `lagMs` is this browser's clock minus the server's. */
export function figuresOf(trace: Trace, wire: PulseWire, nowMs: number, lagMs: number): Figures {
  const sinceMs = nowMs - windowMs
  const shown = trace.asks[wire].filter(({ endedMs }) => (endedMs ?? nowMs) >= sinceMs)
  const ended = shown.filter(({ outcome }) => outcome === 'news' || outcome === 'same')
  const measured = ended.flatMap(({ receivedBytes }) => receivedBytes ?? [])
  const streams = shown.filter(({ streamsFromMs }) => streamsFromMs !== undefined)
  const arrived = streams.flatMap(({ arrivals }) => arrivals.filter(({ atMs }) => atMs >= sinceMs))
  const sizes = [...measured, ...arrived.map(({ bytes }) => bytes)]
  return {
    medianWaitMs: median(waitsOf(trace, wire, sinceMs, lagMs)),
    opened: shown.filter(({ openedMs }) => openedMs >= sinceMs).length,
    receivedBytes:
      measured.length + streams.length > 0 ? sizes.reduce((sum, bytes) => sum + bytes, 0) : undefined,
    unmeasured: ended.length - measured.length,
  }
}

/** How long the latest measured 304 took, in ms. */
export function latestSameMs(asks: readonly Ask[]): number | undefined {
  return asks.findLast(({ status, tookMs }) => status === 304 && tookMs !== undefined)?.tookMs
}

/** The time from each entry's event to its delivery on the wire, for those delivered since `sinceMs`. */
function waitsOf({ happenings }: Trace, wire: PulseWire, sinceMs: number, lagMs: number): number[] {
  return happenings.flatMap(({ at, brought }) => {
    const broughtMs = brought[wire]
    if (broughtMs === undefined || broughtMs < sinceMs) return []
    return [Math.max(0, broughtMs - lagMs - Date.parse(at))]
  })
}

/** A wire's three figures as text: `…` before the browser has begun, `—` if not measured. */
export type FigureWords = { wait: string; opened: string; received: string }

export function figureWords(figures: Figures | undefined): FigureWords {
  if (!figures) return { wait: onItsWay, opened: onItsWay, received: onItsWay }
  const { medianWaitMs, opened, receivedBytes } = figures
  return {
    wait: medianWaitMs === undefined ? missing : formatWait(medianWaitMs),
    opened: formatCount(opened),
    received: receivedBytes === undefined ? missing : formatBytes(receivedBytes),
  }
}

/** The figures of a wire that does not exist. */
export const noFigureWords: FigureWords = { wait: missing, opened: missing, received: missing }

/** Entries carry whole milliseconds, so a wait is not shown in tenths. */
export function formatWait(waitMs: number): string {
  return waitMs < 999.5 ? `${Math.round(waitMs)} ms` : formatDuration(waitMs)
}

/**
 * Trouble on a wire: since when nothing has responded, what the server refuses, or that the stream is being buffered.
 */
export type Trouble = { sinceMs?: number; title?: string; nextTryAtMs?: number; fallback?: boolean }
