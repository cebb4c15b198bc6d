import { within } from '#components/live/clock.ts'
import type { Wakefulness } from '#components/live/liveness.ts'
import { applyEntries, seqOf } from '#components/live/position.ts'
import { type PollResponse, request } from '#components/live/request.ts'
import { noteServerClock } from '#components/live/server-clock.ts'
import {
  type BufferingDetector,
  type BufferingReason,
  createBufferingDetector,
} from '#server/protocol/buffering.ts'
import type { Problem } from '#server/protocol/problems.ts'
import type { WireEntry, WirePage } from '#server/protocol/streams.ts'
import { keepConnected } from '../keep-connected.ts'
import { type Client, type ClientOptions, type End, type Step, type StreamSubject, urlOf } from './client.ts'
import { longPoll } from './long-poll.ts'
import { type Arrival, type Frame, openSource } from './read-frames.ts'

/** The refusal that opening the stream again would get. */
const rightEnded: Problem = { type: '/problems/not-found', title: 'Not Found', status: 404 }

type SourceOptions = ClientOptions & { detector: BufferingDetector; awake: Wakefulness }

/**
 * Silence in ms after which a beat is overdue; at least 1 s of slack, because a busy machine delays short beats by more
 * than a fifth.
 */
const overdueAfter = (beatMs: number) => beatMs + Math.max(beatMs * 0.2, 1_000)
/** Silence in ms after which the connection counts as dead. */
const deadAfter = (beatMs: number) => Math.max(beatMs * 1.6, overdueAfter(beatMs) + 1_000)
/** The fallback's pause in ms after a request that was not held: a proxy may drop `Prefer` too. */
const unheldEveryMs = 2_000

/** Server-Sent Events. When a proxy buffers the stream, long polling continues from the same cursor. */
export const eventStream: Client = <Data>(
  subject: StreamSubject,
  options: ClientOptions & { awake: Wakefulness },
) => {
  const detector = createBufferingDetector()
  return {
    attempt: (interrupted: AbortSignal) => readSource<Data>(subject, { ...options, detector }, interrupted),
    isClear: () => !detector.suspected,
    async *fallback(during: ClientOptions) {
      const polls = keepConnected<Data>(longPoll, subject, { ...during, everyMs: unheldEveryMs })
      try {
        for (;;) {
          const { value, done } = await polls.next()
          if (done) return value
          // The polls' schedule is not when the stream is retried.
          if (value.type !== 'requesting' && value.type !== 'waiting') yield value
        }
      } finally {
        await polls.return('aborted')
      }
    },
  }
}

/** Opens one source after `subject.after` and yields what it sends until it ends; any bytes count as a sign of life. */
async function* readSource<Data>(
  subject: StreamSubject,
  options: SourceOptions,
  interrupted: AbortSignal,
): AsyncGenerator<Step<Data>, End> {
  const { clock, detector, awake } = options
  yield { type: 'opening' }
  const left = new AbortController()
  const signal = AbortSignal.any([interrupted, left.signal])
  const wire = { fetch: options.fetch, now: clock.now }
  const arrivals = openSource(subject, wire, signal)
  const openedAtMs = clock.now()
  let receivedAtMs = openedAtMs
  let readyAtMs: number | undefined
  let beatMs = 15_000
  let missedUpTo = Number.POSITIVE_INFINITY
  let probed: 'answered' | 'in vain' | undefined
  let next = nextOf(arrivals)
  detector.opened()

  try {
    for (;;) {
      const patienceMs =
        readyAtMs === undefined ? detector.openingPatienceMs : (probed ? deadAfter : overdueAfter)(beatMs)
      const quietFromMs = readyAtMs === undefined ? openedAtMs : receivedAtMs
      const arrival = await within(next, quietFromMs + patienceMs - clock.now(), clock, interrupted)
      if (interrupted.aborted) return { type: 'interrupted' }

      if (arrival === 'quiet') {
        if (!awake.steady()) return ended('silent')
        if (probed === 'answered') return found(detector.silentSince())
        if (probed === 'in vain') return ended('silent')
        const answer = await probe(next)
        if (answer === 'source spoke') continue
        if (readyAtMs !== undefined) probed = answer.type === 'changed' ? 'answered' : 'in vain'
        const finding = yield* weigh(answer)
        if (finding) return finding
        continue
      }

      receivedAtMs = clock.now()
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

  /** Polls while the source is silent, and returns the response unless the source sends something first. */
  async function probe(source: Promise<Arrival>): Promise<PollResponse<WirePage<Data>> | 'source spoke'> {
    const spoken = new AbortController()
    try {
      return await Promise.race([
        source.then(() => 'source spoke' as const),
        request<WirePage<Data>>(
          { url: urlOf(subject) },
          0,
          options,
          AbortSignal.any([signal, spoken.signal]),
        ),
      ])
    } finally {
      spoken.abort()
    }
  }

  /** What a poll's response implies about a silent source. */
  async function* weigh(answer: PollResponse<WirePage<Data>>): AsyncGenerator<Step<Data>, End | undefined> {
    const opening = readyAtMs === undefined
    switch (answer.type) {
      case 'changed': {
        const { entries, next: through } = answer.value
        if (opening && subject.after === 'now') subject.after = through
        const applied = yield* applyEntries(subject, { entries, through }, missedUpTo, options, signal)
        if (applied !== 'applied') return applied === 'over' ? { type: 'over' } : ended('silent')
        if (opening) return found(detector.silentAtOpening())
        if (entries.length === 0 && !detector.suspected) return undefined
        return found(detector.silentSince())
      }
      case 'not-modified':
      case 'reset':
        return opening ? found(detector.silentAtOpening()) : ended('silent')
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

  async function* take(frame: Frame): AsyncGenerator<Step<Data>, End | undefined> {
    switch (frame.type) {
      case 'ready':
        readyAtMs = clock.now()
        beatMs = frame.beatMs
        missedUpTo = seqOf(frame.head)
        if (subject.after === 'now' || subject.after === '') subject.after = frame.cursor
        yield { ...frame, cursor: subject.after }
        return undefined
      case 'entries': {
        const entries = frame.entries as WireEntry<Data>[]
        sight(entries)
        const page = { entries, through: frame.cursor }
        const applied = yield* applyEntries(subject, page, missedUpTo, options, signal)
        if (applied !== 'applied') return applied === 'over' ? { type: 'over' } : ended('closed')
        for (const { seq, at } of entries) {
          const doubt = seq > missedUpTo && awake.steady() ? detector.entry(at, receivedAtMs) : undefined
          if (doubt) return found(doubt)
        }
        return undefined
      }
      case 'beat': {
        sight([frame])
        yield frame
        const doubt = awake.steady() ? detector.beat(frame.at, receivedAtMs) : undefined
        return doubt && found(doubt)
      }
      case 'reset':
        subject.after = frame.head
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
    noteServerClock({ openedMs: receivedAtMs, answeredMs: receivedAtMs, entries })
  }

  function* endOf(arrival: Exclude<Arrival, { type: 'frames' }>): Generator<Step<Data>, End> {
    switch (arrival.type) {
      case 'signed-out':
      case 'refused':
        yield arrival
        return { type: 'over' }
      case 'closed':
        return readyAtMs === undefined ? { type: 'failed' } : ended('closed')
      case 'reset':
        subject.after = arrival.head
        yield arrival
        return ended('closed')
      default:
        return arrival
    }
  }

  function ended(how: 'closed' | 'silent'): End {
    return { type: 'closed', stoodMs: clock.now() - (readyAtMs ?? clock.now()), atOnce: how === 'silent' }
  }
}

function found(evidence: BufferingReason | 'suspicion'): End {
  return evidence === 'suspicion' ? { type: 'suspect' } : { type: 'blocked', why: evidence }
}

async function nextOf(arrivals: AsyncGenerator<Arrival, void>): Promise<Arrival> {
  const { value, done } = await arrivals.next()
  return done ? { type: 'closed' } : value
}
