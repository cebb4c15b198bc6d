import { type LaneKind, lanes } from './lane-kind.ts'

type LaneLineProps = {
  kind: LaneKind
  /** Pixels, or a percentage of the drawing. */
  from: number | string
  to: number | string
  /** Where the lane's middle lies on the other axis. */
  at: number
  /** `y` when time runs down. */
  axis?: 'x' | 'y'
  /** 1 is the 2 px wire; the dashes grow with it. */
  weight?: number
  /** Draws the true segment instead of the lane's dashes, as plots do for a held request. */
  solid?: boolean
  /** Half the stroke, the same dashes: a lane that is not there yet. */
  thin?: boolean
  /** Offsets of the rails, where not the lane's own. */
  rails?: readonly number[]
}

/** The stroke of a lane inside an SVG, in `currentColor`; two strokes for a WebSocket's rails. */
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
