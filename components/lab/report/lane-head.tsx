import { Lane } from '#components/lane/lane.tsx'
import { classes } from '#components/ui/classes.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import { laneNames } from './report-words.ts'

/** The head of a lane's row: its line and its name. */
export function LaneHead({ lane, className }: { lane: DeliveryName; className?: string }) {
  const { name, kind } = laneNames[lane]
  return (
    <th
      scope="row"
      className={classes('h-(--row) pr-4 text-left font-semibold whitespace-nowrap', className)}
    >
      <span className="flex items-center gap-3">
        <Lane kind={kind} width={28} />
        {name}
      </span>
    </th>
  )
}
