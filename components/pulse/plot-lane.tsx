import type { ReactNode, SVGProps } from 'react'
import { laneColor, plotRails } from '#components/lane/lane-kind.ts'
import { Cut, Hatch, LaneLine } from '#components/lane/lane-line.tsx'
import { Marker } from '#components/lane/marker.tsx'
import { formatDuration } from '#components/ui/format.ts'
import type { LaneScene } from './scene.ts'
import type { PulseWire } from './trace.ts'

/** One wire of the drawing: pale bands for waits, the life of its connections, and what they delivered. */
export function PlotLane({ axis, wire, lane }: { axis: Axis; wire: PulseWire; lane: LaneScene }) {
  return (
    <g className={laneColor[wire]}>
      <g opacity={0.24}>
        {lane.waits.map(({ seq, from, to }) => (
          <Stroke key={seq} axis={axis} from={from} to={to} stroke="currentColor" strokeWidth={10} />
        ))}
      </g>
      {lane.outages.map(({ from, to }) => (
        <Hatch key={from} {...band(axis, from, to, 14)} />
      ))}
      {lane.stretches.map(({ kind, from, to, opens }) => (
        <g key={from} className={laneColor[kind]}>
          <LaneLine
            kind={kind}
            axis={axis}
            from={percent(from)}
            to={percent(to)}
            at={0}
            solid={opens}
            rails={kind === 'ws' ? Object.values(plotRails) : undefined}
          />
          {opens && (
            <At axis={axis} along={from}>
              <path d={across(axis, wire === 'ws' ? 8 : 5)} stroke="currentColor" strokeWidth={1.5} />
            </At>
          )}
        </g>
      ))}
      {lane.beats.map(({ at }) => (
        <At key={at} axis={axis} along={at}>
          <path d={across(axis, wire === 'ws' ? 8 : 4)} stroke="currentColor" strokeWidth={1.5} />
        </At>
      ))}
      {lane.marks.map(({ id, kind, at, filled, sent }) => (
        <At key={id} axis={axis} along={at} across={railOf(kind, sent)}>
          <g className={laneColor[kind]}>
            <Marker kind={kind} x={0} y={0} filled={filled} sent={sent} />
          </g>
        </At>
      ))}
      {lane.cuts.map(({ id, at }) => (
        <At key={id} axis={axis} along={at}>
          <Cut x={0} y={0} reach={4} />
        </At>
      ))}
      <PlotWords axis={axis} wire={wire} lane={lane} />
    </g>
  )
}

/** On a socket, received packets are on one rail and sent ones on the other. */
function railOf(kind: PulseWire, sent = false): number {
  return kind === 'ws' ? plotRails[sent ? 'sent' : 'received'] : 0
}

/** A tick across the wire. */
function across(axis: Axis, reach: number): string {
  return axis === 'x' ? `M0 ${-reach}V${reach}` : `M${-reach} 0H${reach}`
}

function band(axis: Axis, from: number, to: number, reach: number) {
  const along = { from: percent(from), length: percent(to - from) }
  return axis === 'x'
    ? { x: along.from, width: along.length, y: -reach, height: 2 * reach }
    : { y: along.from, height: along.length, x: -reach, width: 2 * reach }
}

/** The positions of text beside a mark; on phones the last wire has no room to its right. */
const over = { y: -13, textAnchor: 'middle' } as const
const right = { x: 14, y: 4 } as const
const left = { x: -14, y: 4, textAnchor: 'end' } as const

function PlotWords({ axis, wire, lane }: { axis: Axis; wire: PulseWire; lane: LaneScene }) {
  const beside = axis === 'x' ? over : wire === 'ws' ? left : right
  return (
    <g className="type-axis on-line fill-ink-3">
      {lane.marks.map(({ id, at, label, sent }) => (
        <At key={id} axis={axis} along={at}>
          <text {...beside} {...(sent && axis === 'x' && { y: 25 })}>
            {label}
          </text>
        </At>
      ))}
      {lane.waits.map(({ seq, from, to, label }) => (
        <At key={seq} axis={axis} along={(from + to) / 2}>
          <text {...beside}>{label && formatDuration(label)}</text>
        </At>
      ))}
      {lane.beats.map(({ at, label }) => (
        <At key={at} axis={axis} along={at}>
          <text {...beside}>{label}</text>
        </At>
      ))}
      {axis === 'x' &&
        lane.held.map(({ id, at }) => (
          <At key={id} axis={axis} along={at}>
            <text x={14} y={-13} className="max-lg:hidden">
              held open
            </text>
          </At>
        ))}
    </g>
  )
}

/** The direction of time: `x` to the right, `y` down, as on phones. */
export type Axis = 'x' | 'y'

/** A fraction of the window as an SVG percentage. */
function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`
}

/**
 * Moves the origin of its children to a point of the drawing: `along` in fractions of the window, `across` in SVG
 * units.
 */
export function At({
  axis,
  along,
  across = 0,
  children,
}: {
  axis: Axis
  along?: number
  across?: number | string
  children: ReactNode
}) {
  const time = along === undefined ? 0 : percent(along)
  const place = axis === 'x' ? { x: time, y: across } : { x: across, y: time }
  return (
    <svg {...place} overflow="visible" aria-hidden>
      {children}
    </svg>
  )
}

/** A line along the time axis, `offset` px beside the origin. */
function Stroke({
  axis,
  from,
  to,
  offset = 0,
  ...line
}: { axis: Axis; from: number; to: number; offset?: number } & Omit<
  SVGProps<SVGLineElement>,
  'from' | 'to'
>) {
  const ends = { 1: percent(from), 2: percent(to) }
  return axis === 'x' ? (
    <line x1={ends[1]} x2={ends[2]} y1={offset} y2={offset} {...line} />
  ) : (
    <line y1={ends[1]} y2={ends[2]} x1={offset} x2={offset} {...line} />
  )
}
