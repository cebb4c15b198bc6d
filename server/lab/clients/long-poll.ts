import type { OpenClient } from './client.ts'
import { openPoller } from './polling.ts'

/** Long polling: sends a request, is held until there are entries, and sends the next at once. */
export const openLongPoll: OpenClient = (going, hear) =>
  openPoller(going, hear, { waitSeconds: 25, nextInMs: () => 0 })
