import type { StreamOptions, StreamStep, StreamSubject } from './clients/client.ts'
import { readSource, type SourceEnd } from './clients/event-stream.ts'
import { createBufferingDetector } from './fallback.ts'
import { watchWakefulness } from './liveness.ts'
import { pollUntil } from './poll-until.ts'
import { fullJitterMs } from './reconnect.ts'

const firstFallbackMs = 30_000
const longestFallbackMs = 600_000

/**
 * Follows a stream over Server-Sent Events from `subject.after` and yields each step, until the session is over or
 * `signal` aborts: every entry once, in the order of the log, whatever happens to the line.
 *
 * A source that ends is replaced by another at the same cursor. One that a proxy holds back is replaced by long
 * polling, also at the same cursor, and tried again later. Every interruption ends what is under way and opens anew.
 */
export async function* stream<Data = unknown>(
  subject: StreamSubject,
  options: StreamOptions,
): AsyncGenerator<StreamStep<Data>, void> {
  const { activity, clock, signal, random = Math.random } = options
  const place = { ...subject }
  const judge = createBufferingDetector()
  const left = new AbortController()
  const until = AbortSignal.any([signal, left.signal])
  const awake = watchWakefulness(clock, activity, until)
  let failures = 0
  let fallbackMs = firstFallbackMs

  try {
    while (!signal.aborted) {
      const interrupted = AbortSignal.any([signal, activity.change])
      if (activity.suspended) {
        yield { type: 'paused' }
        await clock.sleep(Number.POSITIVE_INFINITY, interrupted)
        continue
      }

      yield { type: 'opening' }
      const end = yield* readSource<Data>(place, { ...options, judge, awake }, interrupted)
      if (end.type === 'over') return
      if (end.type === 'held-back') {
        const streamAtMs = clock.now() + fallbackMs
        fallbackMs = Math.min(longestFallbackMs, fallbackMs * 2)
        yield { type: 'fallback', why: end.why, streamAtMs }
        if ((yield* pollUntil<Data>(streamAtMs, place, options, interrupted)) === 'over') return
        continue
      }
      if (!judge.suspected) fallbackMs = firstFallbackMs
      if (end.type === 'interrupted' || end.type === 'doubtful') continue

      failures = stood(end) ? 1 : failures + 1
      const pauseMs = pauseAfter(end, failures, random)
      yield told(end, clock.now() + pauseMs)
      await clock.sleep(pauseMs, interrupted)
    }
  } finally {
    left.abort()
  }
}

type Stop = Exclude<SourceEnd, { type: 'over' | 'held-back' | 'interrupted' | 'doubtful' }>

function stood(end: Stop): boolean {
  return end.type === 'bye' || (end.type === 'ended' && end.steady)
}

function pauseAfter(end: Stop, failures: number, random: () => number): number {
  switch (end.type) {
    case 'bye':
      // Only upwards: a herd that was sent away together shall not return together, nor too early.
      return end.retryMs * (1 + random())
    case 'failed':
      return (end.adviceMs ?? 0) + fullJitterMs(failures, random)
    case 'ended':
      return end.how === 'silent' ? 0 : fullJitterMs(failures, random)
  }
}

function told(end: Stop, nextAskAtMs: number): StreamStep<never> {
  switch (end.type) {
    case 'bye':
      return { type: 'bye', reason: end.reason, nextAskAtMs }
    case 'failed':
      return { type: 'failed', problem: end.problem, nextAskAtMs }
    case 'ended':
      return { type: 'ended', how: end.how, nextAskAtMs }
  }
}
