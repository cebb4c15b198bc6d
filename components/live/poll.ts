import type { Mode, PollStep, Subject } from './clients/client.ts'
import type { PageActivity } from './liveness.ts'
import { fullJitterMs } from './reconnect.ts'
import { type PollResponse, request, type Target, type Wire } from './request.ts'

export type PollOptions = Wire & {
  /** Read before each ask, so that a switch needs an interruption and nothing else. */
  mode: () => Mode
  activity: PageActivity
  /** The pause when the server gives no advice, in ms. Without it, no advice means: this state is final. */
  everyMs?: number
  random?: () => number
  signal: AbortSignal
}

const waitSeconds = 25
const shortestPauseMs = 500

/**
 * Asks again and again, and yields each step, until the state is final, the session is over or `signal` aborts.
 *
 * Short: asks, then pauses as long as the server advises. Long: the server holds the ask until there is news, so the
 * next one follows at once. Every interruption ends the step under way and starts the next round.
 */
export async function* poll<T>(subject: Subject, options: PollOptions): AsyncGenerator<PollStep<T>, void> {
  const { activity, clock, signal } = options
  let place: Target = { url: subject.url }
  let failures = 0

  while (!signal.aborted) {
    const interrupted = AbortSignal.any([signal, activity.change])
    if (activity.suspended) {
      yield { type: 'paused' }
      await clock.sleep(Number.POSITIVE_INFINITY, interrupted)
      continue
    }

    const long = options.mode() === 'long'
    // Only an answer proves that the line is back: until then an ask is not held.
    const held = long && failures === 0
    yield { type: 'asking', held }
    const askedAtMs = clock.now()
    const answer = await request<T>(place, held ? waitSeconds : 0, options, interrupted)

    if (answer.type === 'interrupted') continue
    if (answer.type === 'signed-out' || answer.type === 'refused') return yield answer
    if (answer.type === 'failed') {
      failures += 1
      const pauseMs = (answer.adviceMs ?? 0) + fullJitterMs(failures, options.random)
      yield { ...answer, nextAskAtMs: clock.now() + pauseMs }
      await clock.sleep(pauseMs, interrupted)
      continue
    }
    failures = 0
    place = move(place, subject, answer)
    yield answer
    if (answer.type === 'reset') {
      // Two servers with different logs behind one address would otherwise reset each other's readers in a spin.
      await clock.sleep(shortestPauseMs, interrupted)
      continue
    }

    const adviceMs = answer.adviceMs ?? options.everyMs
    if (adviceMs === undefined) return yield { type: 'ended' }
    if (long && !held) continue
    if (asksAtOnce(answer, held, clock.now() - askedAtMs)) continue
    yield { type: 'waiting', adviceMs, nextAskAtMs: clock.now() + Math.max(adviceMs, shortestPauseMs) }
    await clock.sleep(Math.max(adviceMs, shortestPauseMs), interrupted)
  }
}

function move<T>(place: Target, subject: Subject, answer: PollResponse<T>): Target {
  if (answer.type === 'reset') return { url: subject.after?.(answer.head) ?? subject.url }
  if (answer.type !== 'changed') return place
  const { next } = answer.value as { next?: string }
  return { url: next === undefined ? place.url : (subject.after?.(next) ?? place.url), etag: answer.etag }
}

/** A held ask leaves nothing to wait for; but one that nobody held (a proxy may drop `Prefer`) must not spin. */
function asksAtOnce<T>(answer: PollResponse<T>, held: boolean, tookMs: number): boolean {
  if (answer.type !== 'changed') return held && tookMs >= shortestPauseMs
  return (held && answer.etag !== undefined) || (answer.value as { more?: boolean }).more === true
}
