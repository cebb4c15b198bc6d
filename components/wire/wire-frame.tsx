'use client'

import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import { LaneLine } from '#components/lane/lane-line.tsx'
import { useNow } from '#components/live/use-now.ts'
import { usePageCommands } from '#components/shell/palette/page-commands.ts'
import { formatBytes, formatCount } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { isTyping } from '#components/ui/is-typing.ts'
import { Time } from '#components/ui/time.tsx'
import { useLate } from '#components/ui/use-late.ts'
import { ratesOf } from './frame.ts'
import { inOneRow, laneOf, plotRows, plotSpanMs } from './plot-parts.ts'
import type { Recording } from './recording.ts'
import { fellBack } from './sockets/socket-fallback.ts'
import type { PacketRecording } from './sockets/socket-life.ts'
import { isOpen } from './sockets/socket-life.ts'
import type { PageLane } from './strip-words.tsx'
import { LastLine, lastLine, NothingYet, StripSums } from './strip-words.tsx'
import { usePackets, useRecording, useTimings } from './use-recording.ts'
import { groupsOf, requests } from './wire-lines.ts'
import { SocketPlot, WirePlot } from './wire-plot.tsx'

const drawer = () => import('./wire-drawer.tsx').then(({ WireDrawer }) => WireDrawer)

type WireFrameProps = { lane?: PageLane; source: ReactNode; children: ReactNode }

/**
 * A use case with its wire: the page, and the strip at its foot or, opened from it or with `w`, the drawer beside it.
 */
export function WireFrame({ lane = 'short', source, children }: WireFrameProps) {
  const [open, setOpen] = useState(false)
  const WireDrawer = useLate(drawer, open)
  const strip = useRef<HTMLDivElement>(null)
  useTimings()
  const toggle = useCallback(() => setOpen((before) => !before), [])
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'w' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return
      event.preventDefault()
      toggle()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [toggle])
  const close = () => {
    setOpen(false)
    // The strip appears with the next frame; focus returns to what opened the drawer.
    requestAnimationFrame(() => strip.current?.querySelector('button')?.focus())
  }
  usePageCommands(() => [
    {
      group: 'This page',
      title: open ? 'Close the wire drawer' : 'Open the wire drawer',
      words: 'requests packets source code',
      keys: 'w',
      run: open ? close : toggle,
    },
  ])
  return (
    <div className="flex flex-1 items-start">
      <div className="@container min-w-0 flex-1 self-stretch pb-[calc(var(--strip)+28px)]">{children}</div>
      {open && WireDrawer ? (
        <WireDrawer lane={lane} source={source} onClose={close} />
      ) : (
        <div ref={strip} className="contents">
          <WireStrip lane={lane} onOpen={toggle} />
        </div>
      )}
    </div>
  )
}

/** The closed drawer at the foot of the page: the live lane, the last line on the wire, the totals. */
function WireStrip({ lane, onOpen }: { lane: PageLane; onOpen: () => void }) {
  const recording = useRecording()
  const packets = usePackets()
  const nowMs = useNow(1_000)
  return (
    <button
      type="button"
      aria-keyshortcuts="w"
      translate="no"
      aria-label="Open the wire drawer"
      aria-expanded={false}
      onClick={onOpen}
      className="page-x fixed inset-x-0 bottom-0 z-20 flex h-(--strip) items-center gap-4 border-t border-line-strong bg-sunken text-left [--surface:var(--sunken)] hover:bg-hover focus-visible:-outline-offset-2 max-md:bottom-[calc(var(--tabs)+env(safe-area-inset-bottom))]"
    >
      <span className="text-ui font-semibold max-md:hidden">Wire</span>
      {lane === 'ws' && !fellBack(packets, recording) ? (
        <SocketStrip recording={packets} nowMs={nowMs} />
      ) : (
        <HttpStrip recording={recording} lane={lane} nowMs={nowMs} />
      )}
      <span className="flex items-center gap-2 text-ui max-md:hidden">
        Open
        <kbd className="type-axis border border-line-strong px-1.5 leading-[18px]">w</kbd>
      </span>
      <Icon name="chevron-up" className="md:hidden" />
    </button>
  )
}

type HttpStripProps = { recording: Recording; lane: PageLane; nowMs: number | undefined }

/** The strip of a page that polls or follows streams. */
function HttpStrip({ recording, lane, nowMs }: HttpStripProps) {
  const { exchanges } = recording
  const groups = lane === 'short' ? [requests] : groupsOf(exchanges).filter((group) => group !== requests)
  const last = lastLine(recording, lane)
  return (
    <>
      <span className={stripParts.plot}>
        {nowMs !== undefined && (
          <WirePlot
            rows={inOneRow(plotRows(recording, groups, nowMs))}
            spanMs={plotSpanMs(exchanges, nowMs)}
            nowMs={nowMs}
            axis={false}
          />
        )}
      </span>
      <PhoneLane kind={last ? laneOf(last.exchange) : lane} />
      <span className={stripParts.last}>{last ? <LastLine line={last} /> : <NothingYet lane={lane} />}</span>
      <span className={stripParts.sums}>
        <StripSums recording={recording} lane={lane} nowMs={nowMs} />
      </span>
    </>
  )
}

type SocketStripProps = { recording: PacketRecording; nowMs: number | undefined }

/** The strip of a page with a socket: the rails, the last packet, and the totals, or rates while prices flow. */
function SocketStrip({ recording, nowMs }: SocketStripProps) {
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

/** The classes of the strip's three parts: the plot, the last line, the totals. */
const stripParts = {
  plot: 'w-1/4 max-md:hidden',
  last: 'type-data min-w-0 flex-1 truncate text-ink-2',
  sums: 'type-data whitespace-nowrap text-ink-3',
} as const

/** Replaces the plot on phones. */
function PhoneLane({ kind }: { kind: LaneKind }) {
  return (
    <svg width={22} height={8} className={`block shrink-0 md:hidden ${laneColor[kind]}`} aria-hidden>
      <LaneLine kind={kind} from={0} to={22} at={4} />
    </svg>
  )
}
