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
