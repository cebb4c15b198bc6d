'use client'
import { createSlot, useContent } from '#components/shell/slot.ts'
import { formatDuration } from '#components/ui/format.ts'

/** How long this page's latest 304 took, in ms, from the drawing to the timetable below it. */
export const latestSame = createSlot<number>()

/** The measured figure beside the loans: the same delivery, on the pulse. */
export function LatestSame() {
  const tookMs = useContent(latestSame)
  return tookMs === null ? 'not measured yet' : `304 in ${formatDuration(tookMs)}`
}
