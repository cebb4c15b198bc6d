import type { OpenClient } from './client.ts'
import { openPoller } from './polling.ts'

/** Long polling: asks, is held until there is news, and asks again at once. */
export const openLongPoll: OpenClient = (going, hear) =>
  openPoller(going, hear, { waitSeconds: 25, nextInMs: () => 0 })
