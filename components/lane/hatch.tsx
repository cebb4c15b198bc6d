import { useId } from 'react'

/** In pixels, or percentages of the drawing. */
type Area = Record<'x' | 'y' | 'width' | 'height', number | string>

/** Hatching over an outage, or behind what was computed and not measured, inside an SVG. */
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
