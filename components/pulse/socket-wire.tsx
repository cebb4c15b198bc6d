'use client'
import { useEffect } from 'react'
import { useSocket, useSocketView } from '#components/live/use-socket.tsx'
import type { Trouble } from './figures.ts'
import type { PulseWire } from './trace.ts'

type SocketWireProps = {
  places: Map<PulseWire, string>
  onTrouble: (trouble: Trouble | null) => void
  /** The session is over; a socket cannot open without one. */
  onSignedOut: () => void
}

/** The tab's socket on the pulse while mounted. It renders nothing; its packets are recorded elsewhere. */
export function SocketWire({ places, onTrouble, onSignedOut }: SocketWireProps) {
  const line = useSocket()
  const { state, offlineSinceMs, lastError, nextTryAtMs } = useSocketView(line)
  useEffect(() => {
    const following = line.follow(
      { name: 'pulse', after: places.get('ws') ?? 'now' },
      { entries: hasReceivedOnSocket },
    )
    return () => {
      places.set('ws', following.cursor())
      following.stop()
    }
  }, [line, places])
  useEffect(() => {
    if (state === 'signed-out') onSignedOut()
  }, [state, onSignedOut])
  const title = lastError?.title
  const fallback = state === 'fallback'
  useEffect(() => {
    const well = offlineSinceMs === undefined && title === undefined && !fallback
    onTrouble(well ? null : { sinceMs: offlineSinceMs, title, fallback, nextTryAtMs: nextTryAtMs })
    return () => onTrouble(null)
  }, [onTrouble, offlineSinceMs, title, fallback, nextTryAtMs])
  return null
}

function hasReceivedOnSocket() {
  // The drawing is updated on the way, with every packet.
}
