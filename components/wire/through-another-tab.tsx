'use client'
import { createSlot, useContent } from '#components/shell/badge-slot.tsx'

/** How many tabs share the bell's stream while another one holds it, so that its frames cannot be seen here. */
export const throughAnotherTab = createSlot<number>()

/** Says that another tab holds the bell's stream. */
export function ThroughAnotherTab() {
  const tabs = useContent(throughAnotherTab)
  if (tabs === null) return null
  return (
    <p className="type-label border-b border-line px-(--wire-x) py-1.5">
      This tab shares another tab’s stream: {tabs} tabs use one connection for notifications, and its frames
      are listed in that tab.
    </p>
  )
}
