'use client'
import { formatBytes, formatCount, formatDuration } from '#components/ui/format.ts'
import type { PacketRecording } from './packet-log.ts'
import { isOpen } from './socket-life.ts'
import { countsEveryMs, useServerCounts } from './use-server-counts.ts'

/** Says whose count is whose: packets are counted here, what is around them the server tells. Asks while it stands. */
export function SocketCountsLine({ recording }: { recording: PacketRecording }) {
  const { lastError, state } = useServerCounts()
  const counted = recording.sockets.findLast(isOpen)?.counted
  const trouble = lastError ?? (state === 'offline' ? { title: 'offline' } : undefined)
  return (
    <p className="type-label border-b border-line px-(--wire-x) py-1.5">
      Packets: as read here.{' '}
      {trouble
        ? `The server’s own counts cannot be had now: ${trouble.title.toLowerCase()}.`
        : counted
          ? `The server’s own count of this connection, frames and handshake included, asked of /api/wire every ${formatDuration(countsEveryMs)} while open: ↑ ${formatBytes(counted.bytesIn)} ↓ ${formatBytes(counted.bytesOut)}, ${formatCount(counted.queries)} ${counted.queries === 1 ? 'query' : 'queries'}.`
          : `The server’s own count is asked of /api/wire every ${formatDuration(countsEveryMs)} while open.`}
    </p>
  )
}
