import type { EnteredLanes } from '#components/lab/lanes/enter-lanes.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { Incident } from '#server/protocol/lab-report.ts'

/** What the scope draws at one moment. Times are of the epoch of Unix, in ms. */
export type Scene = {
  entered: EnteredLanes
  nowMs: number
  outages: readonly Outage[]
  /** The entry that is followed through all lanes. */
  followed: number | undefined
}

/** Something that was done to the line. */
export type Outage = { fromMs: number; toMs: number; what: string; lane?: DeliveryName }

/** The incidents of a run that last, by the clock of the machine. */
export function outagesOf(incidents: readonly Incident[], measuredFrom: string | undefined): Outage[] {
  if (measuredFrom === undefined) return []
  const fromMs = Date.parse(measuredFrom)
  return incidents.flatMap(({ atMs, untilMs, what, lane }) => {
    if (untilMs === undefined || lane === 'control') return []
    return [{ fromMs: fromMs + atMs, toMs: fromMs + untilMs, what, ...(lane && { lane }) }]
  })
}
