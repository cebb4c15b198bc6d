import type { WirePage } from '#server/protocol/streams.ts'
import { type StreamOptions, type StreamStep, type StreamSubject, streamSubject } from './clients/client.ts'
import { poll } from './poll.ts'
import { applyEntries, seqOf } from './position.ts'

/** The pause after an ask that nobody held: a proxy may drop `Prefer` too. */
const unheldEveryMs = 2_000

/** Reads the stream on from `place.after` by long polling, until `untilMs` or an interruption. */
export async function* pollUntil<Data>(
  untilMs: number,
  place: StreamSubject,
  options: StreamOptions,
  interrupted: AbortSignal,
): AsyncGenerator<StreamStep<Data>, 'over' | 'due'> {
  const { activity, clock, fetch, random } = options
  const left = new AbortController()
  const signal = AbortSignal.any([interrupted, left.signal])
  void clock.sleep(untilMs - clock.now(), signal).then(() => left.abort())
  let missedUpTo = Number.POSITIVE_INFINITY
  try {
    const steps = poll<WirePage<Data>>(streamSubject(place.name, place.after), {
      ...{ activity, clock, fetch, random, signal },
      mode: () => 'long',
      everyMs: unheldEveryMs,
    })
    for await (const step of steps) {
      switch (step.type) {
        case 'changed': {
          const { entries, next: through, head } = step.value
          missedUpTo = Math.min(missedUpTo, seqOf(head))
          yield { type: 'polled' }
          const applied = yield* applyEntries(place, { entries, through }, missedUpTo, options, signal)
          if (applied !== 'applied') return applied === 'over' ? 'over' : 'due'
          break
        }
        case 'not-modified':
          missedUpTo = 0
          yield { type: 'polled' }
          break
        case 'reset':
          place.after = step.head
          yield { type: 'reset', head: step.head, reason: step.reason }
          break
        case 'failed':
          yield step
          break
        case 'signed-out':
        case 'refused':
          yield step
          return 'over'
      }
    }
    return 'due'
  } finally {
    left.abort()
  }
}
