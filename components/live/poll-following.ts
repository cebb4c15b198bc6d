import type { Problem } from '#server/protocol/problems.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { type StreamOptions, streamSubject } from './clients/client.ts'
import { seqOf } from './position.ts'
import { fullJitterMs } from './reconnect.ts'
import { request } from './request.ts'
import type { Following } from './transport.ts'

const everyMs = 15_000

/** What those who serve a stream over HTTP tell of the way there. */
export type WayThere = {
  reachable(): void
  unreachable(nextTryAtMs: number | undefined): void
  signedOut(problem?: Problem): void
}

/** Asks for a stream about every 15 s, until `signal` aborts, and gives what comes to its readers. */
export async function pollFollowing(following: Following, options: StreamOptions & WayThere): Promise<void> {
  const { clock, signal, random = Math.random } = options
  let after = following.after()
  let missedUpTo: number | undefined
  let failures = 0
  following.begin(after, after)
  while (!signal.aborted) {
    const answer = await request<WirePage>(streamSubject(following.name, after), 0, options, signal)
    let pauseMs = everyMs * (0.9 + random() * 0.2)
    switch (answer.type) {
      case 'changed': {
        const { entries, next: through, head, more } = answer.value
        failures = 0
        options.reachable()
        if (after === 'now') following.begin(through, head)
        missedUpTo ??= seqOf(head)
        after = through
        if (entries.length > 0) following.take({ entries, through }, missedUpTo)
        if (more && entries.length > 0) pauseMs = 0
        break
      }
      case 'not-modified':
        options.reachable()
        break
      case 'reset':
        after = answer.head
        following.reset(after)
        break
      case 'failed':
        failures += 1
        pauseMs = (answer.adviceMs ?? 0) + Math.max(everyMs, fullJitterMs(failures, random))
        if (!answer.problem) options.unreachable(clock.now() + pauseMs)
        break
      case 'signed-out':
        return options.signedOut(answer.problem)
      case 'refused':
        return following.end(answer.problem)
      case 'interrupted':
        return
    }
    await clock.sleep(pauseMs, AbortSignal.any([signal, options.activity.change]))
  }
}
