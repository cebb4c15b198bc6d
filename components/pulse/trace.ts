import { type LaneKind, laneKinds } from '#components/lane/lane-kind.ts'

/** This browser's wires on the pulse, one for each lane. */
export type PulseWire = LaneKind

/** A value for each of the wires. */
export function perWire<T>(of: (wire: PulseWire) => T): Record<PulseWire, T> {
  return { short: of('short'), long: of('long'), sse: of('sse'), ws: of('ws') }
}

/** A chunk delivered by a stream, or a packet by a socket. */
type Arrival = { atMs: number; bytes: number; seqs: readonly number[]; beat: boolean }

/** A packet that this page has sent on a socket. */
type TraceMessage = { atMs: number; word: string }

/** One request or connection, from its start to its outcome. Times are this browser's, in epoch ms. */
export type Ask = {
  id: number
  openedMs: number
  endedMs?: number
  outcome: 'open' | 'news' | 'same' | 'failed' | 'let-go' | 'ended'
  status?: number
  seqs: readonly number[]
  /** Whether it requested a stream or a socket: since when that has been open, and what it has delivered. */
  listens: boolean
  streamsFromMs?: number
  arrivals: readonly Arrival[]
  /** What this page sent on it; sockets only. */
  sayings: readonly TraceMessage[]
  /** From the browser's own timing, finer than a script can measure; absent until available. */
  receivedBytes?: number
  tookMs?: number
}

/** An entry of the log: when it happened, by the server's clock, and when each wire delivered it. */
type Happening = { seq: number; at: string; brought: Partial<Record<PulseWire, number>> }

/** What happened on the wires, oldest first. */
export type Trace = {
  happenings: readonly Happening[]
  asks: Readonly<Record<PulseWire, readonly Ask[]>>
  /** When the page was hidden or the reader had stopped it; the last pause may be open. */
  pauses: readonly { fromMs: number; toMs?: number }[]
}

type At = { wire: PulseWire; id: number; atMs: number }
type Brought = { seq: number; at: string }

export type TraceEvent =
  | ({ type: 'opened'; listens?: boolean } & At)
  | ({ type: 'answered'; status: number; entries: readonly Brought[] } & At)
  | ({ type: 'streaming' } & At)
  | ({ type: 'arrived'; bytes: number; beat: boolean; entries: readonly Brought[] } & At)
  | ({ type: 'said'; word: string } & At)
  | ({ type: 'failed' | 'let-go' | 'ended' } & At)
  | { type: 'measured'; openedMs: number; endedMs: number; receivedBytes: number }
  | { type: 'paused' | 'resumed'; atMs: number }

export const noTrace: Trace = { happenings: [], asks: perWire(() => []), pauses: [] }

/** How far back the drawing reaches, in ms. */
export const windowMs = 30_000
/** Kept longer than shown, so that nothing vanishes while still in the picture. */
const keptMs = 45_000

/** The trace after one more event. */
export function traceAfter(trace: Trace, event: TraceEvent): Trace {
  switch (event.type) {
    case 'opened': {
      const { id, atMs, listens = false } = event
      return withAsks(forget(trace, atMs), event.wire, (asks) => [
        ...asks,
        { id, openedMs: atMs, outcome: 'open', seqs: [], listens, arrivals: [], sayings: [] },
      ])
    }
    case 'answered':
      return answered(trace, event)
    case 'streaming':
      return withAsk(trace, event.wire, event.id, { streamsFromMs: event.atMs })
    case 'arrived':
      return arrived(trace, event)
    case 'said':
      return withMessage(trace, event)
    case 'failed':
    case 'let-go':
    case 'ended':
      return withAsk(trace, event.wire, event.id, { endedMs: event.atMs, outcome: event.type })
    case 'measured':
      return measured(trace, event)
    case 'paused':
      return { ...trace, pauses: [...resumed(trace, event.atMs), { fromMs: event.atMs }] }
    case 'resumed':
      return { ...trace, pauses: resumed(trace, event.atMs) }
  }
}

function answered(trace: Trace, event: Extract<TraceEvent, { type: 'answered' }>): Trace {
  const { wire, id, atMs, status, entries } = event
  const seqs = entries.map(({ seq }) => seq)
  const outcome = seqs.length > 0 ? 'news' : 'same'
  return withAsk(brought(trace, event), wire, id, { endedMs: atMs, outcome, status, seqs })
}

function arrived(trace: Trace, event: Extract<TraceEvent, { type: 'arrived' }>): Trace {
  const { wire, id, atMs, bytes, beat, entries } = event
  const arrival = { atMs, bytes, beat, seqs: entries.map(({ seq }) => seq) }
  const arrivals = trace.asks[wire].find((ask) => ask.id === id)?.arrivals ?? []
  return withAsk(brought(trace, event), wire, id, { arrivals: [...arrivals, arrival] })
}

function withMessage(trace: Trace, { wire, id, atMs, word }: Extract<TraceEvent, { type: 'said' }>): Trace {
  const sayings = trace.asks[wire].find((ask) => ask.id === id)?.sayings ?? []
  return withAsk(trace, wire, id, { sayings: [...sayings, { atMs, word }] })
}

function brought(trace: Trace, { wire, atMs, entries }: At & { entries: readonly Brought[] }): Trace {
  if (entries.length === 0) return trace
  const known = new Map(trace.happenings.map((happening) => [happening.seq, happening]))
  for (const { seq, at } of entries) {
    const before = known.get(seq) ?? { seq, at, brought: {} }
    known.set(seq, { ...before, brought: { [wire]: atMs, ...before.brought } })
  }
  return { ...trace, happenings: [...known.values()].sort((a, b) => a.seq - b.seq) }
}

/** How far a busy browser's timing and a script's may differ, in ms, over both ends together. */
const farthestMs = 2_000

/** The wires request the same URL: the browser's timing belongs to the request whose times are nearest. */
function measured(trace: Trace, event: Extract<TraceEvent, { type: 'measured' }>): Trace {
  let nearest: { wire: PulseWire; id: number; distanceMs: number } | undefined
  for (const wire of laneKinds) {
    for (const { id, openedMs, endedMs, receivedBytes } of trace.asks[wire]) {
      if (endedMs === undefined || receivedBytes !== undefined) continue
      const distanceMs = Math.abs(openedMs - event.openedMs) + Math.abs(endedMs - event.endedMs)
      if (distanceMs < (nearest?.distanceMs ?? farthestMs)) nearest = { wire, id, distanceMs }
    }
  }
  if (!nearest) return trace
  const { receivedBytes, openedMs, endedMs } = event
  return withAsk(trace, nearest.wire, nearest.id, { receivedBytes, tookMs: endedMs - openedMs })
}

function resumed({ pauses }: Trace, atMs: number): Trace['pauses'] {
  return pauses.map((pause) => (pause.toMs === undefined ? { ...pause, toMs: atMs } : pause))
}

function forget(trace: Trace, nowMs: number): Trace {
  const sinceMs = nowMs - keptMs
  const kept = (wire: PulseWire) =>
    trace.asks[wire]
      .filter(({ endedMs }) => (endedMs ?? nowMs) >= sinceMs)
      .map((ask) => ({
        ...ask,
        arrivals: ask.arrivals.filter(({ atMs }) => atMs >= sinceMs),
        sayings: ask.sayings.filter(({ atMs }) => atMs >= sinceMs),
      }))
  return {
    asks: perWire(kept),
    happenings: trace.happenings.filter(({ brought }) =>
      Object.values(brought).some((atMs) => atMs >= sinceMs),
    ),
    pauses: trace.pauses.filter(({ toMs }) => (toMs ?? nowMs) >= sinceMs),
  }
}

function withAsk(trace: Trace, wire: PulseWire, id: number, change: Partial<Ask>): Trace {
  return withAsks(trace, wire, (asks) => asks.map((ask) => (ask.id === id ? { ...ask, ...change } : ask)))
}

function withAsks(trace: Trace, wire: PulseWire, change: (asks: readonly Ask[]) => readonly Ask[]): Trace {
  return { ...trace, asks: { ...trace.asks, [wire]: change(trace.asks[wire]) } }
}
