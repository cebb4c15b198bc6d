import { within } from '#components/live/clock.ts'
import type { BufferingDetector } from '#components/live/fallback.ts'
import type { Wakefulness } from '#components/live/liveness.ts'
import { applyEntries, seqOf } from '#components/live/position.ts'
import { type PollResponse, request } from '#components/live/request.ts'
import { noteServerClock } from '#components/live/server-clock.ts'
import type { Problem } from '#server/protocol/problems.ts'
import type { StreamBye, WireEntry, WirePage } from '#server/protocol/streams.ts'
import {
  type HeldBack,
  type StreamOptions,
  type StreamStep,
  type StreamSubject,
  streamSubject,
} from './client.ts'
import { type Arrival, type Frame, openSource } from './read-frames.ts'

/** How a source came to its end. `doubtful`: to be opened again at once, and watched. */
export type SourceEnd =
  | { type: 'interrupted' }
  | { type: 'over' }
  | { type: 'doubtful' }
  | { type: 'failed'; problem?: Problem; adviceMs?: number }
  | { type: 'ended'; how: 'closed' | 'silent'; steady: boolean }
  | ({ type: 'bye' } & StreamBye)
  | { type: 'held-back'; why: HeldBack }

/** How the stream would be answered for if it were opened again. */
const rightEnded: Problem = { type: '/problems/not-found', title: 'Not Found', status: 404 }

type SourceOptions = StreamOptions & { judge: BufferingDetector; awake: Wakefulness }

/** Silence after which a beat is overdue, in ms; where beats are short, a busy machine is late by more than a part of one. */
const overdueAfter = (beatMs: number) => beatMs + Math.max(beatMs * 0.2, 1_000)
/** Silence after which the line counts as dead, in ms. */
const deadAfter = (beatMs: number) => Math.max(beatMs * 1.6, overdueAfter(beatMs) + 1_000)
/** A source that stood this long was a good one. */
const steadyMs = 5_000

/** Opens one source after `place.after` and yields what it says until it ends; nothing counts as life but bytes. */
export async function* readSource<Data>(
  place: StreamSubject,
  options: SourceOptions,
  interrupted: AbortSignal,
): AsyncGenerator<StreamStep<Data>, SourceEnd> {
  const { clock, judge, awake } = options
  const left = new AbortController()
  const signal = AbortSignal.any([interrupted, left.signal])
  const wire = { fetch: options.fetch, now: clock.now }
  const arrivals = openSource(place, wire, signal)
  const openedAtMs = clock.now()
  let heardAtMs = openedAtMs
  let readyAtMs: number | undefined
  let beatMs = 15_000
  let missedUpTo = Number.POSITIVE_INFINITY
  let probed: 'answered' | 'in vain' | undefined
  let next = nextOf(arrivals)
  judge.opened()

  try {
    for (;;) {
      const patienceMs =
        readyAtMs === undefined ? judge.openingPatienceMs : (probed ? deadAfter : overdueAfter)(beatMs)
      const quietFromMs = readyAtMs === undefined ? openedAtMs : heardAtMs
      const arrival = await within(next, quietFromMs + patienceMs - clock.now(), clock, interrupted)
      if (interrupted.aborted) return { type: 'interrupted' }

      if (arrival === 'quiet') {
        if (!awake.steady()) return ended('silent')
        if (probed === 'answered') return found(judge.silentSince())
        if (probed === 'in vain') return ended('silent')
        const answer = await probe(next)
        if (answer === 'heard') continue
        if (readyAtMs !== undefined) probed = answer.type === 'changed' ? 'answered' : 'in vain'
        const finding = yield* weigh(answer)
        if (finding) return finding
        continue
      }

      heardAtMs = clock.now()
      probed = undefined
      if (arrival.type !== 'frames') return yield* endOf(arrival)
      next = nextOf(arrivals)
      for (const frame of arrival.frames) {
        const finding = yield* take(frame)
        if (finding) return finding
      }
    }
  } finally {
    left.abort()
  }

  /** Asks the poll while the source is silent, and gives its answer unless the source speaks first. */
  async function probe(source: Promise<Arrival>): Promise<PollResponse<WirePage<Data>> | 'heard'> {
    const spoken = new AbortController()
    const subject = streamSubject(place.name, place.after)
    try {
      return await Promise.race([
        source.then(() => 'heard' as const),
        request<WirePage<Data>>(subject, 0, options, AbortSignal.any([signal, spoken.signal])),
      ])
    } finally {
      spoken.abort()
    }
  }

  /** What the answer of a poll says about a source that is silent. */
  async function* weigh(
    answer: PollResponse<WirePage<Data>>,
  ): AsyncGenerator<StreamStep<Data>, SourceEnd | undefined> {
    const opening = readyAtMs === undefined
    switch (answer.type) {
      case 'changed': {
        const { entries, next: through } = answer.value
        if (opening && place.after === 'now') place.after = through
        const applied = yield* applyEntries(place, { entries, through }, missedUpTo, options, signal)
        if (applied !== 'applied') return applied === 'over' ? { type: 'over' } : ended('silent')
        if (opening) return found(judge.silentAtOpening())
        if (entries.length === 0 && !judge.suspected) return undefined
        return found(judge.silentSince())
      }
      case 'not-modified':
      case 'reset':
        return opening ? found(judge.silentAtOpening()) : ended('silent')
      case 'signed-out':
      case 'refused':
        yield answer
        return { type: 'over' }
      case 'failed':
        return opening ? answer : undefined
      case 'interrupted':
        return { type: 'interrupted' }
    }
  }

  async function* take(frame: Frame): AsyncGenerator<StreamStep<Data>, SourceEnd | undefined> {
    switch (frame.type) {
      case 'ready':
        readyAtMs = clock.now()
        beatMs = frame.beatMs
        missedUpTo = seqOf(frame.head)
        if (place.after === 'now') place.after = frame.cursor
        yield { ...frame, cursor: place.after }
        return undefined
      case 'entries': {
        const entries = frame.entries as WireEntry<Data>[]
        sight(entries)
        const page = { entries, through: frame.cursor }
        const applied = yield* applyEntries(place, page, missedUpTo, options, signal)
        if (applied !== 'applied') return applied === 'over' ? { type: 'over' } : ended('closed')
        for (const { seq, at } of entries) {
          const doubt = seq > missedUpTo && awake.steady() ? judge.entry(at, heardAtMs) : undefined
          if (doubt) return found(doubt)
        }
        return undefined
      }
      case 'beat': {
        sight([frame])
        yield frame
        const doubt = awake.steady() ? judge.beat(frame.at, heardAtMs) : undefined
        return doubt && found(doubt)
      }
      case 'reset':
        place.after = frame.head
        missedUpTo = seqOf(frame.head)
        yield frame
        return undefined
      case 'bye':
        if (frame.reason === 'session-ended') yield { type: 'signed-out' }
        else if (frame.reason === 'right-ended') yield { type: 'refused', problem: rightEnded }
        else return frame
        return { type: 'over' }
    }
  }

  function sight(entries: readonly { at: string }[]) {
    noteServerClock({ openedMs: heardAtMs, answeredMs: heardAtMs, entries })
  }

  function* endOf(arrival: Exclude<Arrival, { type: 'frames' }>): Generator<StreamStep<Data>, SourceEnd> {
    switch (arrival.type) {
      case 'signed-out':
      case 'refused':
        yield arrival
        return { type: 'over' }
      case 'closed':
        return readyAtMs === undefined ? { type: 'failed' } : ended('closed')
      case 'reset':
        place.after = arrival.head
        yield arrival
        return ended('closed')
      default:
        return arrival
    }
  }

  function ended(how: 'closed' | 'silent'): SourceEnd {
    return { type: 'ended', how, steady: readyAtMs !== undefined && clock.now() - readyAtMs >= steadyMs }
  }
}

function found(evidence: HeldBack | 'suspicion'): SourceEnd {
  return evidence === 'suspicion' ? { type: 'doubtful' } : { type: 'held-back', why: evidence }
}

async function nextOf(arrivals: AsyncGenerator<Arrival, void>): Promise<Arrival> {
  const { value, done } = await arrivals.next()
  return done ? { type: 'closed' } : value
}
