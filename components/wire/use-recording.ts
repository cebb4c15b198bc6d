'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { shortPoll } from '#components/live/clients/short-poll.ts'
import { useLive } from '#components/live/use-live.ts'
import type { WireExchanges } from '#server/protocol/exchanges.ts'
import { pageRecorder, watchTimings } from './page-recorder.ts'
import { blankRecording, type Recording } from './recording.ts'
import { noPackets } from './sockets/packet-log.ts'
import { pagePackets } from './sockets/page-packets.ts'
import type { PacketRecording } from './sockets/socket-life.ts'

/** What this page has had on the wire so far, as it grows. */
export function useRecording(): Recording {
  return useSyncExternalStore(pageRecorder.watch, pageRecorder.current, () => blankRecording)
}

/** Listens to the browser's own account of each request while the component stands. */
export function useTimings() {
  useEffect(() => {
    const left = new AbortController()
    watchTimings(left.signal)
    return () => left.abort()
  }, [])
}

/** What this page's sockets have had on the wire so far; renewed at most four times a second. */
export function usePackets(): PacketRecording {
  return useSyncExternalStore(pagePackets.watch, pagePackets.current, () => noPackets)
}

/** How often the drawer asks, in ms. */
export const countsEveryMs = 2_500

/**
 * Asks the server for its own counts of this session's exchanges while the component stands, and lays them beside
 * the recorded ones. These asks are not recorded themselves.
 */
export function useServerCounts() {
  return useLive<WireExchanges>(
    { url: '/api/wire' },
    {
      client: shortPoll,
      everyMs: countsEveryMs,
      onChange: ({ exchanges }) => {
        pageRecorder.addCounts(exchanges)
        pagePackets.addCounts(exchanges)
      },
    },
  )
}
