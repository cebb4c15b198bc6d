import { type LaneKind, lanes } from './lane-kind.ts'

type MarkerProps = {
  kind: LaneKind
  x: number
  y: number
  /** Filled carried entries; hollow is nothing new (304, 204), or not yet. */
  filled?: boolean
  /** A WebSocket's triangle points up for sent packets. */
  sent?: boolean
  /** 1 is a 12 px marker. */
  weight?: number
}

/** One response, frame or packet on its lane, inside an SVG, in `currentColor`; hollow shows the surface. */
export function Marker({ kind, x, y, filled = true, sent = false, weight = 1 }: MarkerProps) {
  const paint = {
    fill: filled ? 'currentColor' : 'var(--surface, var(--bg))',
    stroke: 'currentColor',
    strokeWidth: 1.5 * weight,
  }
  const reach = 4.75 * weight
  switch (lanes[kind].marker) {
    case 'square':
      return <rect x={x - reach} y={y - reach} width={2 * reach} height={2 * reach} {...paint} />
    case 'diamond':
      return (
        <path
          d={polygon(
            x,
            y,
            [
              [0, -6],
              [6, 0],
              [0, 6],
              [-6, 0],
            ],
            weight,
          )}
          {...paint}
        />
      )
    case 'circle':
      return <circle cx={x} cy={y} r={5.25 * weight} {...paint} />
    case 'triangle':
      return (
        <path
          d={polygon(
            x,
            y,
            [
              [-5.5, -4.5],
              [5.5, -4.5],
              [0, 5],
            ],
            sent ? -weight : weight,
          )}
          {...paint}
        />
      )
  }
}

function polygon(x: number, y: number, points: [number, number][], scale: number): string {
  const corners = points.map(([dx, dy]) => `${x + dx * scale} ${y + dy * scale}`)
  return `M${corners.join('L')}Z`
}
