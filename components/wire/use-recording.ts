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

/** This page's traffic so far, as it grows. */
export function useRecording(): Recording {
  return useSyncExternalStore(pageRecorder.watch, pageRecorder.current, () => blankRecording)
}

/** Collects the browser's Resource Timing entries while the component is mounted. */
export function useTimings() {
  useEffect(() => {
    const left = new AbortController()
    watchTimings(left.signal)
    return () => left.abort()
  }, [])
}

/** The traffic of this page's sockets so far; updated at most four times a second. */
export function usePackets(): PacketRecording {
  return useSyncExternalStore(pagePackets.watch, pagePackets.current, () => noPackets)
}

/** How often the drawer polls, in ms. */
export const countsEveryMs = 2_500

/**
 * Polls the server's own counts of this session's exchanges while the component is mounted, and adds them to the
 * recorded ones. These polls are not recorded themselves.
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
