import { type Ask, type PulseWire, perWire, type Trace, windowMs } from './trace.ts'

/**
 * The contents of the drawing. Positions along the wire are fractions of the window: 0 is 30 s before the scene's base,
 * 1 is the base itself, and later events are beyond 1 until the scene has drifted there. `far` is a position that "now"
 * never reaches.
 */
export type Scene = { ticks: Tick[]; lanes: Record<PulseWire, LaneScene> }
type Tick = { seq: number; at: number }
export type LaneScene = {
  /** A stretch is drawn as the lane it was: a stream falls back to long polling. */
  stretches: Stretch[]
  /** From an entry's event to its delivery on this wire. */
  waits: { seq: number; from: number; to: number; label?: number }[]
  marks: {
    id: number | string
    kind: PulseWire
    at: number
    filled: boolean
    sent?: boolean
    label?: string
  }[]
  beats: { at: number; label: string }[]
  cuts: { id: number; at: number }[]
  outages: Span[]
  /** Where a held request has room for the label. */
  held: { id: number; at: number }[]
}
type Span = { from: number; to: number }
type Stretch = Span & { kind: PulseWire; opens: boolean }

export const far = 4

/** The shortest stretches, in ms, whose labels do not touch what is beside them. */
const roomMs = { wait: 1_600, held: 3_500 }

/** Lays the trace out around `baseMs`; `lagMs` is this browser's clock minus the server's. */
export function sceneOf(trace: Trace, baseMs: number, lagMs: number): Scene {
  const place = (atMs: number) => 1 + (atMs - baseMs) / windowMs
  const ticks = trace.happenings.map(({ seq, at }) => ({ seq, at: place(Date.parse(at) + lagMs) }))
  return { ticks, lanes: perWire((wire) => laneOf(trace, wire, ticks, place)) }
}

/** The messages that get a label; what else a page sends on its socket is automatic. */
const speaks = ['follow']

type Place = (atMs: number) => number

function laneOf(trace: Trace, wire: PulseWire, ticks: readonly Tick[], place: Place): LaneScene {
  const asks = trace.asks[wire]
  const outages = outagesOf(asks, place)
  const answered = asks.filter(({ outcome }) => outcome === 'news' || outcome === 'same')
  const arrivals = asks.flatMap((ask) => ask.arrivals)
  const sayings = asks.flatMap((ask) => ask.sayings)
  return {
    stretches: wire === 'short' ? comingAndGoing(trace, outages, place) : heldStretches(asks, wire, place),
    waits: waitsOf(trace, wire, ticks, place),
    marks: [
      ...answered.map(({ id, endedMs = 0, outcome, status }) => ({
        id,
        kind: wire === 'sse' ? ('long' as const) : wire,
        at: place(endedMs),
        filled: outcome === 'news',
        label: outcome === 'same' ? String(status) : undefined,
      })),
      ...arrivals.flatMap(({ atMs, seqs: [seq] }) =>
        // Seqs and the ids of requests must not collide as keys.
        seq === undefined ? [] : [{ id: -seq, kind: wire, at: place(atMs), filled: true }],
      ),
      ...sayings.map(({ atMs, word }, n) => ({
        ...{ id: `${word} ${n} ${atMs}`, kind: wire, at: place(atMs), filled: false, sent: true },
        label: speaks.includes(word) ? word : undefined,
      })),
    ],
    beats: arrivals.flatMap(({ atMs, beat }) =>
      beat ? [{ at: place(atMs), label: wire === 'ws' ? 'ping' : 'beat' }] : [],
    ),
    cuts: asks.flatMap(({ id, outcome, endedMs = 0 }) =>
      outcome === 'failed' ? [{ id, at: place(endedMs) }] : [],
    ),
    outages,
    held:
      wire === 'long'
        ? asks
            .filter(({ openedMs, endedMs = Number.POSITIVE_INFINITY }) => endedMs - openedMs > roomMs.held)
            .map(({ id, openedMs }) => ({ id, at: place(openedMs) }))
        : [],
  }
}

/**
 * A held request is one unbroken stretch from its start to its response; a stream or a socket for as long as it lives.
 */
function heldStretches(asks: readonly Ask[], wire: PulseWire, place: Place): Stretch[] {
  return asks.flatMap(({ outcome, listens, streamsFromMs, openedMs, endedMs }) => {
    const fromMs = listens ? streamsFromMs : outcome === 'failed' ? undefined : openedMs
    if (fromMs === undefined) return []
    const to = endedMs === undefined ? far : place(endedMs)
    return [{ kind: listens ? wire : ('long' as const), from: place(fromMs), to, opens: true }]
  })
}

/**
 * Short polls are dots for as long as the page keeps polling: from the first poll on, except for pauses and outages.
 */
function comingAndGoing(trace: Trace, outages: readonly Span[], place: Place): Stretch[] {
  const first = trace.asks.short[0]
  if (!first) return []
  const pauses = trace.pauses.map(({ fromMs, toMs }) => ({
    from: place(fromMs),
    to: toMs === undefined ? far : place(toMs),
  }))
  const gaps = [...pauses, ...outages].toSorted((a, b) => a.from - b.from)
  const stretches: Stretch[] = []
  const dots = { kind: 'short', opens: false } as const
  let from = place(first.openedMs)
  for (const gap of gaps) {
    if (gap.from > from) stretches.push({ ...dots, from, to: gap.from })
    from = Math.max(from, gap.to)
  }
  if (from < far) stretches.push({ ...dots, from, to: far })
  return stretches
}

/** From the first failure in a row to the next response, or the next stream. */
function outagesOf(asks: readonly Ask[], place: Place): Span[] {
  const outages: Span[] = []
  let openFrom: number | undefined
  for (const { outcome, endedMs = 0, streamsFromMs } of asks) {
    const backMs = streamsFromMs ?? (outcome === 'news' || outcome === 'same' ? endedMs : undefined)
    if (openFrom !== undefined && backMs !== undefined) {
      outages.push({ from: openFrom, to: place(backMs) })
      openFrom = undefined
    }
    if (outcome === 'failed') openFrom ??= place(endedMs)
  }
  return openFrom === undefined ? outages : [...outages, { from: openFrom, to: far }]
}

/**
 * Every entry that happened while this wire existed, delivered or still to come. An entry that it has skipped never
 * will come.
 */
function waitsOf(trace: Trace, wire: PulseWire, ticks: readonly Tick[], place: Place): LaneScene['waits'] {
  const sinceMs = trace.asks[wire][0]?.openedMs ?? Number.POSITIVE_INFINITY
  const newest = trace.happenings.findLastIndex(({ brought }) => brought[wire] !== undefined)
  return ticks.flatMap(({ seq, at }, n) => {
    const broughtMs = trace.happenings[n]?.brought[wire]
    if (broughtMs === undefined) return n > newest && at > place(sinceMs) ? [{ seq, from: at, to: far }] : []
    const waitMs = (place(broughtMs) - at) * windowMs
    // One response may deliver several: the label is shown once, over the oldest.
    const oldest = trace.happenings[n - 1]?.brought[wire] !== broughtMs
    return [
      { seq, from: at, to: place(broughtMs), label: oldest && waitMs > roomMs.wait ? waitMs : undefined },
    ]
  })
}
