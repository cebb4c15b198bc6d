import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import { LaneLine } from '#components/lane/lane-line.tsx'

/** The looks of the strip's three parts: the plot, the last line, the sums. */
export const stripParts = {
  plot: 'w-1/4 max-md:hidden',
  last: 'type-data min-w-0 flex-1 truncate text-ink-2',
  sums: 'type-data whitespace-nowrap text-ink-3',
} as const

/** What stands for the plot on phones. */
export function PhoneLane({ kind }: { kind: LaneKind }) {
  return (
    <svg width={22} height={8} className={`block shrink-0 md:hidden ${laneColor[kind]}`} aria-hidden>
      <LaneLine kind={kind} from={0} to={22} at={4} />
    </svg>
  )
}
