'use client'
import { useMemo } from 'react'
import { Badge, type WireState } from '#components/ui/badge.tsx'
import { createSlot, useContent, useFill } from './slot.ts'

const slot = createSlot<WireState>()

/** Shows in the top bar what this page's wire is doing now, as long as the page stands. */
export function useBadge(wire: WireState | null) {
  const key = JSON.stringify(wire)
  // Pages build the state anew on each render; the bar need not follow unless it says something else.
  useFill(
    slot,
    useMemo(() => JSON.parse(key) as WireState | null, [key]),
  )
}

/** Where the badge stands. */
export function BadgeSlot() {
  const wire = useContent(slot)
  return wire && <Badge wire={wire} />
}
