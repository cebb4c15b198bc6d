import type { PacketRecording } from './packet-log.ts'
import { socketParts, socketSpanMs } from './socket-parts.ts'
import { WirePlot } from './wire-plot.tsx'

type SocketPlotProps = { packets: PacketRecording; nowMs: number; axis?: boolean }

/** The sockets of this page over the last minutes, on one pair of rails: one is open at a time. */
export function SocketPlot({ packets, nowMs, axis = true }: SocketPlotProps) {
  const spanMs = socketSpanMs(packets, nowMs)
  const row = { group: 'socket', ...socketParts(packets, { spanMs, room: axis ? 42 : 24 }, nowMs) }
  return <WirePlot rows={[row]} spanMs={spanMs} nowMs={nowMs} axis={axis} />
}
