import type { ReactNode, SVGProps } from 'react'

/** Which way time runs: `x` to the right, `y` down, as on phones. */
export type Axis = 'x' | 'y'

/** A share of the window as SVG's percentage. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`
}

/** A point of the drawing, as the origin of what it holds: `along` in shares of the window, `across` in SVG's units. */
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

/** A line along the time, `offset` px beside the origin. */
export function Stroke({
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
