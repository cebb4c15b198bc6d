import type { WirePage } from '#server/protocol/streams.ts'
import { type Ask, type PulseWire, perWire, type Trace, windowMs } from './trace.ts'

/** An entry of the log, before this page was there. */
export type PastEntry = { seq: number; at: string }

/** Enough for the window: entries are two seconds apart, or more. */
const mostEntries = 15

/** The last entries of the pulse; none when the server gives no answer, or another one answers. */
export async function readPast(fetch: (url: string) => Promise<Response>): Promise<PastEntry[]> {
  const read = async (after: string) => {
    const response = await fetch(`/api/streams/pulse?after=${after}`)
    return response.ok ? ((await response.json()) as WirePage) : undefined
  }
  try {
    const now = await read('now')
    if (!now) return []
    const [epoch, seq] = now.head.split('.')
    const page = await read(`${epoch}.${Math.max(0, Number(seq) - mostEntries)}`)
    return page?.entries.map((entry) => ({ seq: entry.seq, at: entry.at })) ?? []
  } catch {
    // The drawing begins empty, and its wires say what is wrong.
    return []
  }
}

/**
 * What the wires would have done with these entries in the window up to `toMs`, by the rules that they follow from then
 * on. `lagMs` is this browser's clock minus the server's.
 */
export function pastTrace(
  entries: readonly PastEntry[],
  toMs: number,
  lagMs: number,
  everyMs: number,
): Trace {
  const fromMs = toMs - windowMs
  const events = entries
    .map(({ seq, at }) => ({ seq, at, atMs: Date.parse(at) + lagMs }))
    .filter(({ atMs }) => atMs > fromMs && atMs < toMs)
  const polledMs = (atMs: number) => Math.min(toMs, toMs - Math.floor((toMs - atMs) / everyMs) * everyMs)
  const polls = Array.from({ length: Math.floor(windowMs / everyMs) }, (_, n) => fromMs + n * everyMs)
  const asks: Record<PulseWire, Ask[]> = {
    short: polls.map((ms) =>
      answered(
        ms,
        ms,
        events.filter(({ atMs }) => polledMs(atMs) === ms),
      ),
    ),
    long: [fromMs, ...events.map(({ atMs }) => atMs)].map((openedMs, n) =>
      events[n] ? answered(openedMs, events[n].atMs, [events[n]]) : letGo(openedMs, toMs),
    ),
    sse: [stream(fromMs, toMs, events)],
    ws: [stream(fromMs, toMs, events)],
  }
  return {
    asks: perWire((wire) => asks[wire].map((ask, id) => ({ ...ask, id }))),
    happenings: events.map(({ seq, at, atMs }) => ({
      ...{ seq, at },
      brought: { short: polledMs(atMs), long: atMs, sse: atMs, ws: atMs },
    })),
    pauses: [{ fromMs: toMs }],
  }
}

type Event = { seq: number; atMs: number }

const bare = { id: 0, seqs: [], listens: false, arrivals: [], sayings: [] }

function answered(openedMs: number, endedMs: number, events: readonly Event[]): Ask {
  const news = events.length > 0
  const outcome = news ? { outcome: 'news' as const, status: 200 } : { outcome: 'same' as const, status: 304 }
  return { ...bare, ...outcome, openedMs, endedMs, seqs: events.map(({ seq }) => seq) }
}

function letGo(openedMs: number, endedMs: number): Ask {
  return { ...bare, openedMs, endedMs, outcome: 'let-go' }
}

function stream(openedMs: number, endedMs: number, events: readonly Event[]): Ask {
  const arrivals = events.map(({ atMs, seq }) => ({ atMs, bytes: 0, beat: false, seqs: [seq] }))
  return { ...bare, openedMs, endedMs, outcome: 'ended', listens: true, streamsFromMs: openedMs, arrivals }
}
