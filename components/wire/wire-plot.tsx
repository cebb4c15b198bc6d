'use client'

import { laneColor, plotRails } from '#components/lane/lane-kind.ts'
import { Hatch, LaneLine } from '#components/lane/lane-line.tsx'
import { formatTime } from '#components/ui/format-time.ts'
import { MarkShape } from './exchange-mark.tsx'
import type { PlotRow, Stretch } from './plot-parts.ts'
import type { PacketRecording } from './sockets/socket-life.ts'
import { socketParts, socketSpanMs } from './sockets/socket-life.ts'

const laneY = 14
const pitch = 30

type WirePlotProps = { rows: readonly PlotRow[]; spanMs: number; nowMs: number; axis?: boolean }

/**
 * The last minutes on the wire, one row for each stream and one for polls, with now at the right. The list says the
 * same.
 */
export function WirePlot({ rows, spanMs, nowMs, axis = true }: WirePlotProps) {
  const x = (atMs: number) => `${Math.min(1, Math.max(0, 1 - (nowMs - atMs) / spanMs)) * 100}%`
  const shown = (atMs: number) => nowMs - atMs < spanMs
  const lanesEnd = 2 * laneY + (rows.length - 1) * pitch
  const named = rows.length > 1
  return (
    <svg
      width="100%"
      height={axis ? lanesEnd + 30 : lanesEnd}
      className="block overflow-visible"
      fill="none"
      aria-hidden
    >
      {rows.map((row, n) => (
        <svg key={row.group} y={n * pitch + (named ? 3 : 0)} overflow="visible" role="presentation">
          <RowParts row={row} x={x} shown={shown} />
          {named && (
            <text y={laneY - 8} className="type-axis on-line fill-ink-3">
              {row.group}
            </text>
          )}
        </svg>
      ))}
      <line x1="100%" x2="100%" y1={0} y2={lanesEnd} className="stroke-ink" strokeWidth={2} />
      {axis && (
        <svg y={lanesEnd + 4} overflow="visible" role="presentation">
          <Axis nowMs={nowMs} spanMs={spanMs} x={x} />
        </svg>
      )}
    </svg>
  )
}

function RowParts({ row, x, shown }: { row: PlotRow } & Scale) {
  return (
    <>
      {row.stretches
        .filter(({ toMs }) => shown(toMs))
        .map((stretch) => (
          <StretchLine key={`${stretch.kind}${stretch.fromMs}`} stretch={stretch} x={x} shown={shown} />
        ))}
      {row.marks
        .filter(({ atMs }) => shown(atMs))
        .map(({ id, kind, atMs, gist, rail }) => (
          <svg
            key={id}
            x={x(atMs)}
            y={laneY + (rail && gist !== 'beat' ? plotRails[rail] : 0)}
            overflow="visible"
            className={laneColor[kind]}
            role="presentation"
          >
            <MarkShape kind={kind} gist={gist} sent={rail === 'sent'} />
          </svg>
        ))}
    </>
  )
}

type Scale = { x: (atMs: number) => string; shown: (atMs: number) => boolean }

function StretchLine({ stretch, x, shown }: { stretch: Stretch } & Scale) {
  const { kind, fromMs, toMs, opens } = stretch
  const ends = { x1: x(fromMs), x2: x(toMs) }
  const reach = kind === 'ws' ? 8 : 5
  if (kind === 'outage') {
    const width = `${Number.parseFloat(ends.x2) - Number.parseFloat(ends.x1)}%`
    return <Hatch x={ends.x1} y={laneY - 7} width={width} height={14} />
  }
  return (
    <g className={laneColor[kind]} stroke="currentColor">
      <LaneLine
        kind={kind}
        from={ends.x1}
        to={ends.x2}
        at={laneY}
        solid={kind !== 'short'}
        rails={kind === 'ws' ? Object.values(plotRails) : undefined}
      />
      {opens && shown(fromMs) && (
        <line x1={x(fromMs)} x2={x(fromMs)} y1={laneY - reach} y2={laneY + reach} strokeWidth={1.5} />
      )}
    </g>
  )
}

function Axis({ nowMs, spanMs, x }: { nowMs: number; spanMs: number; x: (atMs: number) => string }) {
  return axisTicks(nowMs, spanMs).map(({ atMs, label }) => (
    <g key={atMs}>
      <line x1={x(atMs)} x2={x(atMs)} y1={0} y2={label ? 7 : 4} className="stroke-field" />
      {label && (
        <text x={x(atMs)} y={22} textAnchor={anchor(atMs, nowMs, spanMs)} className="type-axis fill-ink-3">
          {label}
        </text>
      )}
    </g>
  ))
}

/** A labelled tick each minute (each 15 s when only one minute is shown), and an unlabelled one in between. */
function axisTicks(nowMs: number, spanMs: number): { atMs: number; label?: string }[] {
  const stepMs = spanMs <= 60_000 ? 15_000 : spanMs <= 120_000 ? 30_000 : 60_000
  const halfMs = stepMs / 2
  const first = Math.ceil((nowMs - spanMs) / halfMs) * halfMs
  const count = Math.floor((nowMs - first) / halfMs) + 1
  return Array.from({ length: count }, (_, n) => {
    const atMs = first + n * halfMs
    const style = stepMs < 60_000 ? 'second' : 'minute'
    return { atMs, label: atMs % stepMs === 0 ? formatTime(new Date(atMs), style) : undefined }
  })
}

/** Aligns labels at the edges inwards. */
function anchor(atMs: number, nowMs: number, spanMs: number): 'start' | 'middle' | 'end' {
  const part = 1 - (nowMs - atMs) / spanMs
  if (part < 0.07) return 'start'
  return part > 0.93 ? 'end' : 'middle'
}

type SocketPlotProps = { packets: PacketRecording; nowMs: number; axis?: boolean }

/** This page's sockets over the last minutes, on one pair of rails: one is open at a time. */
export function SocketPlot({ packets, nowMs, axis = true }: SocketPlotProps) {
  const spanMs = socketSpanMs(packets, nowMs)
  const row = { group: 'socket', ...socketParts(packets, { spanMs, room: axis ? 42 : 24 }, nowMs) }
  return <WirePlot rows={[row]} spanMs={spanMs} nowMs={nowMs} axis={axis} />
}
