import type { WirePage } from '#server/protocol/streams.ts'
import { applyEntries, seqOf } from '../position.ts'
import { type PollResponse, request } from '../request.ts'
import { type ClientOptions, type End, type Step, type Subject, urlOf } from './client.ts'

/** What a poll was answered. `more`: there is more to read at once. */
export type Exchanged = { type: 'read'; changed: boolean; more: boolean; adviceMs?: number; tookMs: number }

const shortestPauseMs = 500

/** What polls keep from one request to the next: entries up to the seq `missedUpTo` happened before the poll began. */
export type Polled = { missedUpTo: number }

/** One request for what comes after `subject`, which it moves; held by the server for up to `waitSeconds`. */
export async function* exchange<Data>(
  subject: Subject,
  waitSeconds: number,
  polled: Polled,
  options: ClientOptions,
  interrupted: AbortSignal,
): AsyncGenerator<Step<Data>, Exchanged | End> {
  const { clock } = options
  yield { type: 'requesting', held: waitSeconds > 0 }
  const askedAtMs = clock.now()
  const target = { url: urlOf(subject), etag: subject.etag }
  const response: PollResponse<Data & WirePage<Data>> = await request(
    target,
    waitSeconds,
    options,
    interrupted,
  )
  const read = (changed: boolean, adviceMs?: number, more = false): Exchanged => ({
    ...{ type: 'read', changed, more, adviceMs, tookMs: clock.now() - askedAtMs },
  })
  switch (response.type) {
    case 'changed': {
      const { value, adviceMs } = response
      if ('url' in subject) {
        subject.etag = response.etag
        yield { type: 'changed', value, etag: response.etag, adviceMs }
        return read(true, adviceMs)
      }
      const { entries, next: through, head, more } = value
      polled.missedUpTo = Math.min(polled.missedUpTo, seqOf(head))
      const applied = yield* applyEntries(
        subject,
        { entries, through },
        polled.missedUpTo,
        options,
        interrupted,
      )
      if (applied !== 'applied') return applied === 'over' ? { type: 'over' } : { type: 'failed' }
      subject.after = through
      subject.etag = response.etag
      if (entries.length === 0) yield { type: 'not-modified', cursor: through, adviceMs }
      return read(entries.length > 0, adviceMs, more)
    }
    case 'not-modified':
      if ('name' in subject) polled.missedUpTo = 0
      yield { type: 'not-modified', adviceMs: response.adviceMs }
      return read(false, response.adviceMs)
    case 'reset':
      subject.etag = undefined
      if ('name' in subject) subject.after = response.head
      yield response
      // Two servers with different logs behind one address would otherwise reset each other's readers in a spin.
      return { type: 'answered', pauseMs: shortestPauseMs }
    case 'signed-out':
    case 'refused':
      yield response
      return { type: 'over' }
    default:
      return response
  }
}

/** The pause until the next poll: what the server advises, else what the page wants; without either it is the last. */
export function* restAfter(
  { adviceMs, tookMs }: Exchanged,
  everyMs: ClientOptions['everyMs'],
): Generator<Step<never>, End> {
  if (adviceMs !== undefined)
    return { type: 'answered', adviceMs, pauseMs: Math.max(adviceMs, shortestPauseMs) }
  const ownMs = typeof everyMs === 'function' ? everyMs() : everyMs
  if (ownMs === undefined) {
    yield { type: 'ended' }
    return { type: 'over' }
  }
  // By the clock; what a slow answer has left no time for is not made up for.
  return { type: 'answered', adviceMs: ownMs, pauseMs: ownMs - (tookMs % ownMs) }
}
