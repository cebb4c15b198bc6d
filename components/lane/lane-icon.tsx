import { Lane } from './lane.tsx'
import type { LaneKind } from './lane-kind.ts'

/** A destination's lane, or the stack of all four. */
export function LaneIcon({ kind, width }: { kind?: LaneKind; width: number }) {
  return kind ? <Lane kind={kind} width={width} /> : <Stack width={width} />
}

/** All four lanes stacked: the icon of what compares them. In `currentColor`. */
export function Stack({ width = 28, className }: { width?: number; className?: string }) {
  return (
    <svg
      width={width}
      height={16}
      viewBox={`0 0 ${width} 16`}
      stroke="currentColor"
      className={`block shrink-0 ${className ?? ''}`}
      aria-hidden
    >
      <path d={`M0 2.75H${width}`} strokeWidth={1.5} strokeDasharray="2 2" />
      <path d={`M0 6.75H${width}`} strokeWidth={1.5} strokeDasharray="8 3" />
      <path d={`M0 10.25H${width}M0 12.5H${width}M0 14.75H${width}`} strokeWidth={1} />
    </svg>
  )
}
