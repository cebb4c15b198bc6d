import { formatBytes, formatCount } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { ratesOf } from './frame-rates.ts'
import type { PacketRecording } from './packet-log.ts'
import { isOpen } from './socket-life.ts'
import { SocketPlot } from './socket-plot.tsx'
import { PhoneLane, stripParts } from './strip-parts.tsx'

type SocketStripProps = { recording: PacketRecording; nowMs: number | undefined }

/** What the strip shows of a page that talks: the rails, the last packet, the sums, or rates where prices flow. */
export function SocketStrip({ recording, nowMs }: SocketStripProps) {
  const { packets } = recording
  const last = packets.findLast(({ group }) => group !== 'pings') ?? packets.at(-1)
  const sent = last?.direction === 'sent'
  return (
    <>
      <span className={stripParts.plot}>
        {nowMs !== undefined && <SocketPlot packets={recording} nowMs={nowMs} axis={false} />}
      </span>
      <PhoneLane kind="ws" />
      <span className={stripParts.last}>
        {last ? (
          <>
            <Time at={last.atMs} style="milli" className="text-ink-3 max-md:hidden" />{' '}
            <span className="text-ws-ink">{sent ? '↑' : '↓'}</span>{' '}
            <span className="text-ink">{last.text.slice(0, 240)}</span>
          </>
        ) : (
          'nothing yet'
        )}
      </span>
      <span className={stripParts.sums}>
        <Sums recording={recording} nowMs={nowMs} />
      </span>
    </>
  )
}

function Sums({ recording: { sockets, sent, received, frames }, nowMs }: SocketStripProps) {
  const open = sockets.filter(isOpen).length
  const count = `${open === 0 ? 'no' : formatCount(open)} ${open > 1 ? 'sockets' : 'socket'}`
  const rates = ratesOf(frames, nowMs)
  return (
    <>
      <span className="max-md:hidden">{count} · </span>
      {rates ? (
        <>
          {formatCount(rates.framesPerSecond)} frames/s
          <span className="max-md:hidden"> · ↓ {formatBytes(rates.bytesPerSecond)}/s</span>
        </>
      ) : (
        `↑ ${formatBytes(sent.bytes)} ↓ ${formatBytes(received.bytes)}`
      )}
    </>
  )
}
