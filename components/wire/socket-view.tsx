'use client'
import { useMemo, useState } from 'react'
import { useNow } from '#components/live/use-now.ts'
import { HttpHead, HttpLines, useHttpWires } from './http-wires.tsx'
import { type PacketChoice, PacketFilter } from './packet-filter.tsx'
import { PacketList } from './packet-list.tsx'
import type { PacketRecording } from './packet-log.ts'
import type { Recording } from './recording.ts'
import { SocketCountsLine } from './socket-counts-line.tsx'
import { fellBack } from './socket-fallback.ts'
import { socketLines } from './socket-lines.ts'
import { SocketPlot } from './socket-plot.tsx'
import { SocketTotals } from './socket-totals.tsx'

type SocketViewProps = { packets: PacketRecording; recording: Recording; held: boolean }

/** The sums, the plot and the list of this page's socket; in its place what goes over HTTP, in the fallback by itself. */
export function SocketView({ packets, recording, held }: SocketViewProps) {
  const nowMs = useNow(1_000, !held)
  const [chosen, choose] = useState<PacketChoice>()
  const choice = chosen ?? (fellBack(packets, recording) ? 'http' : 'all')
  const wires = useHttpWires(recording, 'ws')
  const lines = useMemo(
    () => socketLines(packets, choice === 'all' || choice === 'http' ? undefined : choice),
    [packets, choice],
  )
  return (
    <>
      {choice === 'http' ? (
        <HttpHead wires={wires} nowMs={nowMs} />
      ) : (
        <>
          <SocketTotals recording={packets} />
          <div className="min-h-[86px] px-(--wire-x) pt-4 pb-3">
            {nowMs !== undefined && <SocketPlot packets={packets} nowMs={nowMs} />}
          </div>
          <SocketCountsLine recording={packets} />
        </>
      )}
      <PacketFilter value={choice} onChange={choose} />
      {choice === 'http' ? (
        <HttpLines wires={wires} />
      ) : (
        <PacketList lines={lines} packets={packets.packets} />
      )}
    </>
  )
}
