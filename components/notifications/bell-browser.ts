import type { Wire } from '#components/live/ask.ts'
import { tabLocks } from '#components/live/browser-features.ts'
import { browserClock } from '#components/live/clock.ts'
import { payStreamAttention, type StreamAttention } from '#components/live/stream-attention.ts'
import { type Locks, type OpenChannel, openBroadcastChannel } from '#components/live/tab-message.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'

/** What the bell needs of the browser. Without locks or channel, as on an insecure origin, each tab is on its own. */
export type BellBrowser = Wire & {
  attention: StreamAttention
  locks: Locks | undefined
  openChannel: OpenChannel | undefined
}

/** This page's browser; its attention is to be released. */
export function thisBrowser(): BellBrowser {
  const locks = tabLocks()
  return {
    fetch: pageRecorder.fetch,
    clock: browserClock,
    // A tab that shares its connection with others holds it for them; alone, it would take one of six a host.
    attention: payStreamAttention({ document, window }, locks ? 'keep' : 'pause'),
    locks,
    openChannel: locks && openBroadcastChannel,
  }
}
