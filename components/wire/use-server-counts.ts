'use client'
import { usePoll } from '#components/live/use-poll.ts'
import type { WireExchanges } from '#server/protocol/protocol.ts'
import { pagePackets } from './page-packets.ts'
import { pageRecorder } from './page-recorder.ts'

/** How often the drawer asks, in ms. */
export const countsEveryMs = 2_500

/**
 * Asks the server for its own counts of this session's exchanges while the component stands, and lays them beside
 * the recorded ones. These asks are not recorded themselves.
 */
export function useServerCounts() {
  return usePoll<WireExchanges>(
    { url: '/api/wire' },
    {
      mode: 'short',
      everyMs: countsEveryMs,
      onNews: ({ exchanges }) => {
        pageRecorder.addCounts(exchanges)
        pagePackets.addCounts(exchanges)
      },
    },
  )
}
