import type { ReactNode } from 'react'
import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import { LaneLine } from '#components/lane/lane-line.tsx'
import { Marker } from '#components/lane/marker.tsx'

const weight = 4
const cut = 51

/** Where the segments of the held requests begin and end, in percent. */
const held = [
  [0, 11.4],
  [14, 53],
  [57.8, 91.6],
  [94.3, 100],
] as const

/** The four deliveries, large, crossed by one event that happens once and arrives four times. */
export function FourWires() {
  return (
    <svg className="size-full" aria-hidden>
      <Wire kind="short" y="27.8%">
        <LaneLine kind="short" from="0%" to="100%" at={0} weight={weight} />
        <Mark kind="short" at={40} filled={false} />
        <Mark kind="short" at={69.8} />
      </Wire>
      <Wire kind="long" y="41%">
        {held.map(([from, to]) => (
          <LaneLine key={from} kind="long" from={`${from}%`} to={`${to}%`} at={0} weight={weight} solid />
        ))}
      </Wire>
      <Wire kind="sse" y="54.4%">
        <LaneLine kind="sse" from="0%" to="100%" at={0} weight={weight} />
      </Wire>
      <Wire kind="ws" y="67.8%">
        <LaneLine kind="ws" from="0%" to="100%" at={0} weight={weight} />
      </Wire>
      <line x1={`${cut}%`} x2={`${cut}%`} y1="0%" y2="100%" className="stroke-ink" strokeWidth={2} />
      <Wire kind="long" y="41%">
        <Mark kind="long" at={53} />
      </Wire>
      <Wire kind="sse" y="54.4%">
        <Mark kind="sse" at={52.1} />
      </Wire>
      <Wire kind="ws" y="67.8%">
        <Mark kind="ws" at={51.8} />
      </Wire>
      <svg x={`${cut}%`} y="16.6%" overflow="visible" aria-hidden>
        <text x={16} className="type-data fill-ink font-semibold">
          one event
        </text>
        <text x={16} y={18} className="type-data fill-ink-3">
          four deliveries
        </text>
      </svg>
    </svg>
  )
}

function Wire({ kind, y, children }: { kind: LaneKind; y: string; children: ReactNode }) {
  return (
    <svg y={y} overflow="visible" className={laneColor[kind]} aria-hidden>
      {children}
    </svg>
  )
}

function Mark({ kind, at, filled }: { kind: LaneKind; at: number; filled?: boolean }) {
  return (
    <svg x={`${at}%`} overflow="visible" aria-hidden>
      <Marker kind={kind} x={0} y={kind === 'ws' ? -10 : 0} filled={filled} weight={3.2} />
    </svg>
  )
}
