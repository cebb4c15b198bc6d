import { stream } from './event-stream.ts'
import type { Following } from './following.ts'
import type { WayThere } from './poll-following.ts'
import type { StreamOptions } from './stream-options.ts'

/** Follows a stream over Server-Sent Events, until `signal` aborts, and gives what comes to its readers. */
export async function streamFollowing(
  following: Following,
  options: StreamOptions & WayThere,
): Promise<void> {
  const { signal } = options
  const after = following.after()
  following.begin(after, after)
  for await (const step of stream({ name: following.name, after }, options)) {
    if (signal.aborted) return
    switch (step.type) {
      case 'ready':
        options.reachable()
        following.begin(step.cursor, step.head)
        break
      case 'entries':
        following.take({ entries: step.entries, through: step.cursor }, step.live ? 0 : undefined)
        break
      case 'reset':
        following.reset(step.head)
        break
      case 'polled':
        options.reachable()
        break
      case 'failed':
        if (!step.problem) options.unreachable(step.nextAskAtMs)
        break
      case 'signed-out':
        return options.signedOut(step.problem)
      case 'refused':
        return following.end(step.problem)
    }
  }
}
