import type { OpenClient } from './client.ts'
import { openPoller } from './polling.ts'

const defaultPollMs = 5_000

/** Short polling every `pollMs`, starting at a random offset, so that a crowd is spread evenly. */
export const openShortPoll: OpenClient = (going, hear) => {
  const { pollMs = defaultPollMs } = going
  let dueMs = performance.now() - Math.random() * pollMs
  return openPoller(going, hear, {
    waitSeconds: 0,
    nextInMs() {
      const nowMs = performance.now()
      // Polls skipped because of a slow response are not made up for.
      dueMs += Math.max(1, Math.ceil((nowMs - dueMs) / pollMs)) * pollMs
      return Math.max(1, dueMs - nowMs)
    },
  })
}
