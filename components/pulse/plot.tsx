import { type LaneKind, laneKinds, plotRails } from '#components/lane/lane-kind.ts'
import { LaneLine } from '#components/lane/lane-line.tsx'
import { Marker } from '#components/lane/marker.tsx'
import { classes } from '#components/ui/classes.ts'
import { At, type Axis, PlotLane } from './plot-lane.tsx'
import type { Scene } from './scene.ts'

/** Where the log and the lanes lie across the time axis, in SVG units. */
export type PlotShape = { axis: Axis; log: number | string; lanes: Record<LaneKind, number | string> }

type PlotProps = {
  shape: PlotShape
  /** Absent until the browser has begun: the lanes are empty until then. */
  scene?: Scene
  /** What happened before the page opened, drawn paler. */
  past?: Scene
  /** The base time of the scene's layout: a new one restarts the drift. */
  baseMs?: number
  still: boolean
  /** Lanes on which nothing can run now. */
  hollow: readonly LaneKind[]
  className: string
}

/**
 * The log and the four lanes over the last 30 s. Events are laid out once and drift by CSS alone; nothing is rendered
 * between two events.
 */
export function Plot({ shape, scene, past, baseMs, still, hollow, className }: PlotProps) {
  const { axis, lanes, log } = shape
  const alive = laneKinds.filter((kind) => !hollow.includes(kind))
  return (
    <svg className={className} aria-hidden>
      {scene && (
        <g
          key={baseMs}
          className={`drift-${axis}`}
          style={{ animationPlayState: still ? 'paused' : undefined }}
        >
          {scene.ticks.map(({ seq, at }) => (
            <At key={seq} axis={axis} along={at} across={log}>
              <Thread axis={axis} />
            </At>
          ))}
        </g>
      )}
      <At axis={axis} across={log}>
        <LogLine axis={axis} />
      </At>
      {hollow.map((kind) => (
        <At key={kind} axis={axis} across={lanes[kind]}>
          <Hollow axis={axis} kind={kind} />
        </At>
      ))}
      {[past, scene].map(
        (drawn) =>
          drawn && (
            <g
              key={`${baseMs}-${drawn === past ? 'past' : 'wires'}`}
              className={classes(`drift-${axis}`, drawn === past && 'opacity-45')}
              style={{ animationPlayState: still ? 'paused' : undefined }}
            >
              {alive.map((wire) => (
                <At key={wire} axis={axis} across={lanes[wire]}>
                  <PlotLane axis={axis} wire={wire} lane={drawn.lanes[wire]} />
                </At>
              ))}
              {drawn.ticks.map(({ seq, at }) => (
                <At key={seq} axis={axis} along={at} across={log}>
                  <LogTick axis={axis} seq={seq} />
                </At>
              ))}
            </g>
          ),
      )}
    </svg>
  )
}

/** The line that follows one entry through all lanes. */
function Thread({ axis }: { axis: Axis }) {
  const end = axis === 'x' ? { y2: 600 } : { x2: 600 }
  return <line {...end} className="stroke-ink" strokeDasharray="1.5 3" />
}

function LogLine({ axis }: { axis: Axis }) {
  const end = axis === 'x' ? { x2: '100%' } : { y2: '100%' }
  return <line {...end} className="stroke-ink" strokeWidth={1.5} />
}

function LogTick({ axis, seq }: { axis: Axis; seq: number }) {
  const text =
    axis === 'x' ? { y: -11, textAnchor: 'middle' as const } : { x: -10, y: 4, textAnchor: 'end' as const }
  return (
    <>
      <path d={axis === 'x' ? 'M0 -5V5' : 'M-5 0H5'} className="stroke-ink" strokeWidth={2} />
      <text {...text} className="type-data fill-ink font-semibold">
        {seq}
      </text>
    </>
  )
}

/** A lane that visitors cannot use: hollow, without its colour, and labelled so. */
function Hollow({ axis, kind }: { axis: Axis; kind: LaneKind }) {
  return (
    <g className="text-field">
      <LaneLine
        kind={kind}
        axis={axis}
        from="0%"
        to="100%"
        at={0}
        thin
        rails={kind === 'ws' ? Object.values(plotRails) : undefined}
      />
      <At axis={axis} along={0.985}>
        <Marker kind={kind} x={0} y={0} filled={false} />
      </At>
      {axis === 'x' ? (
        <text y={-13} className="type-axis fill-ink-3">
          opens when you sign in
        </text>
      ) : (
        <At axis={axis} along={0.5}>
          <rect x={-39} y={-14} width={80} height={38} className="fill-bg" />
          <text textAnchor="middle" className="type-axis fill-ink-3">
            <tspan x={0}>opens when</tspan>
            <tspan x={0} dy={16}>
              you sign in
            </tspan>
          </text>
        </At>
      )}
    </g>
  )
}
