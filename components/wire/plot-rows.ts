import { type PlotParts, plotParts } from './plot-parts.ts'
import type { Recording } from './recording.ts'
import { streamParts } from './stream-parts.ts'
import { groupOf, requests } from './wire-group.ts'

/** One wire of the plot, of a stream or of the page's polls. */
export type PlotRow = PlotParts & { group: string }

/** What a plot of these groups draws up to `nowMs`, a row each. */
export function plotRows(
  { exchanges, frames }: Recording,
  groups: readonly string[],
  nowMs: number,
): PlotRow[] {
  return groups.map((group) => {
    const own = exchanges.filter((exchange) => groupOf(exchange) === group)
    return { group, ...(group === requests ? plotParts(own, nowMs) : streamParts(own, frames, nowMs)) }
  })
}

/** The same on one line, where there is no room for more. */
export function inOneRow(rows: readonly PlotRow[]): PlotRow[] {
  const stretches = rows.flatMap((row) => row.stretches)
  return [{ group: '', stretches, marks: rows.flatMap((row) => row.marks) }]
}
