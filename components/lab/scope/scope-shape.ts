import { laneNames } from '#components/lab/report/report-words.ts'
import { lanes } from '#components/lane/lane-kind.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'

/** How far back the scope looks, in ms. */
export const windowMs = 15_000

/** The direction of time: to the right, or down on phones. */
export type ScopeAxis = 'x' | 'y'

/** Where the log and the lanes lie across the time axis, in px, and how much room each lane has. */
export type ScopeShape = {
  axis: ScopeAxis
  log: number
  lanes: Record<DeliveryName, number>
  laneRoom: number
  /** Where the lanes' area begins and ends. */
  from: number
  to: number
}

export const laneLook = (lane: DeliveryName) => lanes[laneNames[lane].kind]

/** Heights of the wide scope's rows, in px. */
export const wideRows = { log: 56, lane: 64, axis: 28 } as const
export const wideHeight = wideRows.log + 4 * wideRows.lane + wideRows.axis
export const tallHeight = 440

const wideShape: ScopeShape = {
  axis: 'x',
  log: 38,
  lanes: each((n) => wideRows.log + (n + 0.5) * wideRows.lane),
  laneRoom: wideRows.lane,
  from: wideRows.log,
  to: wideRows.log + 4 * wideRows.lane,
}

/** On phones the lanes share the width as their heads above do: see `.tall-grid`. */
const tallGutter = 0.14

export function shapeOf(axis: ScopeAxis, breadth: number): ScopeShape {
  if (axis === 'x') return wideShape
  const laneRoom = (breadth * (1 - tallGutter)) / 4
  const from = breadth * tallGutter
  return {
    ...{ axis, laneRoom, from, to: breadth, log: from + 8 },
    lanes: each((n) => from + (n + 0.5) * laneRoom),
  }
}

function each(make: (n: number) => number): Record<DeliveryName, number> {
  return Object.fromEntries(deliveryNames.map((lane, n) => [lane, make(n)])) as Record<DeliveryName, number>
}
