'use client'
import { useBell } from '#components/notification-bell/use-bell.ts'

/** Says so where the bell's stream is on another tab's wire, and its frames cannot be seen here. */
export function ThroughAnotherTab() {
  const { loaded, leads, tabs } = useBell()
  if (!loaded || leads || tabs < 2) return null
  return (
    <p className="type-label border-b border-line px-(--wire-x) py-1.5">
      This tab listens through another tab: {tabs} tabs share one stream of the bell, and its frames are on
      that tab’s wire.
    </p>
  )
}
