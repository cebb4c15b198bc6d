'use client'
import { createSlot, useContent } from '#components/shell/badge-slot.tsx'

/** How many tabs share the bell's stream, where another one holds it: its frames cannot be seen here. */
export const throughAnotherTab = createSlot<number>()

/** Says so. */
export function ThroughAnotherTab() {
  const tabs = useContent(throughAnotherTab)
  if (tabs === null) return null
  return (
    <p className="type-label border-b border-line px-(--wire-x) py-1.5">
      This tab listens through another tab: {tabs} tabs share one stream of the bell, and its frames are on
      that tab’s wire.
    </p>
  )
}
