import { useId } from 'react'
import { type LaneKind, lanes } from './lane-kind.ts'

type LaneLineProps = {
  kind: LaneKind
  /** Pixels, or a percentage of the drawing. */
  from: number | string
  to: number | string
  /** The lane's middle on the other axis. */
  at: number
  /** `y` when time runs down. */
  axis?: 'x' | 'y'
  /** 1 is a 2 px line; the dashes scale with it. */
  weight?: number
  /** Draws the true segment instead of the lane's dashes, as plots do for a held request. */
  solid?: boolean
  /** Half the stroke width, the same dashes: a lane that is not there yet. */
  thin?: boolean
  /** Offsets of the rails, if not the lane's own. */
  rails?: readonly number[]
}

/** A lane's stroke inside an SVG, in `currentColor`; two strokes for a WebSocket's rails. */
export function LaneLine(props: LaneLineProps) {
  const { kind, from, to, at, axis = 'x', weight = 1, solid, thin } = props
  const { dash, strokeWidth } = lanes[kind]
  const rails = props.rails ?? lanes[kind].rails
  const dashArray = solid || dash.length === 0 ? undefined : dash.map((part) => part * weight).join(' ')
  return rails.map((offset) => {
    const across = at + offset * weight
    const ends =
      axis === 'x'
        ? { x1: from, x2: to, y1: across, y2: across }
        : { x1: across, x2: across, y1: from, y2: to }
    return (
      <line
        key={offset}
        {...ends}
        stroke="currentColor"
        strokeWidth={(thin ? 1 : strokeWidth) * weight}
        strokeDasharray={dashArray}
      />
    )
  })
}

/** Where a connection was cut: a red × inside an SVG. */
export function Cut({ x, y, reach = 5 }: { x: number; y: number; reach?: number }) {
  return (
    <path
      d={`M${x - reach} ${y - reach}l${2 * reach} ${2 * reach}m0 ${-2 * reach}l${-2 * reach} ${2 * reach}`}
      className="stroke-danger"
      strokeWidth={2}
      fill="none"
    />
  )
}

/** In pixels, or percentages of the drawing. */
type Area = Record<'x' | 'y' | 'width' | 'height', number | string>

/** Hatching over an outage, or behind what was computed rather than measured, inside an SVG. */
export function Hatch({ x, y, width, height }: Area) {
  const id = useId()
  return (
    <>
      <pattern id={id} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0V6" className="stroke-line-strong" strokeWidth={1.5} />
      </pattern>
      <rect x={x} y={y} width={width} height={height} fill={`url(#${id})`} />
    </>
  )
}
