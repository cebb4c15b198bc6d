import type { WirePage } from '#server/protocol/streams.ts'
import { applyEntries, seqOf } from '../position.ts'
import { type PollResponse, request } from '../request.ts'
import { type ClientOptions, type End, type Step, type Subject, urlOf } from './client.ts'

/** The result of a request that was answered. `more`: the next page can be read at once. */
export type Exchanged = { type: 'read'; changed: boolean; more: boolean; adviceMs?: number; tookMs: number }

const shortestPauseMs = 500

/** State that polls keep between requests: entries up to the seq `missedUpTo` happened before polling began. */
export type Polled = { missedUpTo: number }

/** Makes one request for what comes after `subject`, which it advances; the server may hold it for `waitSeconds`. */
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
      // Otherwise two servers with different logs behind one address would make their clients spin through resets.
      return { type: 'answered', pauseMs: shortestPauseMs }
    case 'signed-out':
    case 'refused':
      yield response
      return { type: 'over' }
    default:
      return response
  }
}

/** The pause before the next poll: the server's advice, else the page's interval; without either, polling ends. */
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
  // Keeps to a fixed schedule; polls skipped by a slow response are not made up for.
  return { type: 'answered', adviceMs: ownMs, pauseMs: ownMs - (tookMs % ownMs) }
}
