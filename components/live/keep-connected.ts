import { createReconnect } from '#server/protocol/reconnect.ts'
import type { Client, ClientOptions, Step, StreamSubject, Subject } from './clients/client.ts'
import { watchWakefulness } from './liveness.ts'

const firstFallbackMs = 30_000
const longestFallbackMs = 600_000

/**
 * Follows a subject with one of the clients, advancing its position, and yields each step until the subject has no more
 * to send, the session ends or `signal` aborts: every entry once, in log order, whatever the network does.
 * An attempt that ends is followed by another from the same position. A blocked client is replaced by its fallback and
 * tried again later. Every interruption ends the attempt under way.
 */
export async function* keepConnected<Data = unknown, S extends Subject = StreamSubject>(
  client: Client<S>,
  subject: S,
  options: ClientOptions,
): AsyncGenerator<Step<Data>, 'over' | 'aborted'> {
  const { activity, clock, signal, random } = options
  const reconnect = createReconnect(random)
  const left = new AbortController()
  const awake = watchWakefulness(clock, activity, AbortSignal.any([signal, left.signal]))
  const { attempt, isClear, fallback } = client<Data>(subject, { ...options, awake })
  let fallbackMs = firstFallbackMs

  try {
    while (!signal.aborted) {
      const interrupted = AbortSignal.any([signal, activity.change])
      if (activity.suspended) {
        yield { type: 'paused' }
        await clock.sleep(Number.POSITIVE_INFINITY, interrupted)
        continue
      }

      const end = yield* attempt(interrupted)
      if (isClear?.()) fallbackMs = firstFallbackMs
      switch (end.type) {
        case 'over':
          return 'over'
        case 'interrupted':
        case 'suspect':
          break
        case 'answered': {
          const { pauseMs, adviceMs } = end
          reconnect.succeeded()
          if (pauseMs <= 0) break
          if (adviceMs !== undefined) yield { type: 'waiting', adviceMs, nextTryAtMs: clock.now() + pauseMs }
          await clock.sleep(pauseMs, interrupted)
          break
        }
        case 'blocked': {
          const until = new AbortController()
          void clock.sleep(fallbackMs, interrupted).then(() => until.abort())
          yield { type: 'fallback', why: end.why, nextTryAtMs: clock.now() + fallbackMs }
          fallbackMs = Math.min(longestFallbackMs, fallbackMs * 2)
          if (!fallback) await clock.sleep(Number.POSITIVE_INFINITY, until.signal)
          else if ((yield* fallback({ ...options, signal: until.signal })) === 'over') return 'over'
          break
        }
        default: {
          const pauseMs = reconnect.pauseMs(end)
          const nextTryAtMs = clock.now() + pauseMs
          if (end.type === 'bye') yield { type: 'bye', reason: end.reason, nextTryAtMs }
          else if (end.type === 'failed') yield { type: 'failed', problem: end.problem, nextTryAtMs }
          else yield { type: 'closed', nextTryAtMs }
          await clock.sleep(pauseMs, AbortSignal.any([interrupted, activity.seen]))
        }
      }
    }
    return 'aborted'
  } finally {
    left.abort()
  }
}
