'use client'

import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { Cut } from '#components/lane/lane-line.tsx'
import { Badge, type WireState } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatCountdown } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'

const slot = createSlot<WireState>()

/** Shows the state of this page's connection in the top bar while the page is mounted. */
export function useBadge(wire: WireState | null) {
  const key = JSON.stringify(wire)
  // Pages rebuild the state on each render; the bar only needs to follow when the content differs.
  useFill(
    slot,
    useMemo(() => JSON.parse(key) as WireState | null, [key]),
  )
}

/** The badge's position in the bar. */
export function BadgeSlot() {
  const wire = useContent(slot)
  return wire && <Badge wire={wire} />
}

/** A slot in the layout that the current page fills, and that is empty again once the page unmounts. */
type Slot<Content> = {
  put: (next: Content | null) => void
  watch: (changed: () => void) => () => void
  content: () => Content | null
}

export function createSlot<Content>(): Slot<Content> {
  let content: Content | null = null
  const watchers = new Set<() => void>()
  return {
    put(next) {
      content = next
      for (const changed of watchers) changed()
    },
    watch(changed) {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
    content: () => content,
  }
}

/**
 * Fills a slot while the component is mounted; only one component at a time may. `next` must be stable between changes.
 */
export function useFill<Content>(slot: Slot<Content>, next: Content | null) {
  useEffect(() => {
    slot.put(next)
    return () => slot.put(null)
  }, [slot, next])
}

/** The slot's current content. */
export function useContent<Content>(slot: Slot<Content>): Content | null {
  return useSyncExternalStore(slot.watch, slot.content, () => null)
}

export type OfflineNotice = {
  sinceMs: number
  /** The cursor up to which everything has arrived. */
  upTo?: string
  /** What happens to what the reader writes meanwhile. */
  promise?: string
  /** `null` while a retry is under way. */
  nextTryInMs: number | null
  tryNow: () => void
}

/** Shown across the top of the page while disconnected: since when, what is safe, when the next retry comes. */
export function OfflineBanner({ sinceMs, upTo, promise, nextTryInMs, tryNow }: OfflineNotice) {
  return (
    <section
      aria-label="Connection"
      className="page-x flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 border-b-2 border-danger bg-danger-wash py-1.5 text-ui"
    >
      <svg width={30} height={12} viewBox="0 0 30 12" className="block shrink-0 text-danger" aria-hidden>
        <path d="M0 6h10M20 6h10" stroke="currentColor" strokeWidth={2} />
        <Cut x={15} y={6} reach={3} />
      </svg>
      <strong role="status" className="font-semibold text-danger">
        Offline since <Time at={sinceMs} className="font-semibold" />
      </strong>
      <span className="flex-1 text-ink-2 max-md:basis-full">
        {upTo && (
          <>
            You have everything up to entry <span className="type-data">{upTo}</span>.{' '}
          </>
        )}
        {promise}
      </span>
      <span className="type-data text-ink-2">
        {nextTryInMs === null ? 'retrying …' : `next retry in ${formatCountdown(nextTryInMs)}`}
      </span>
      <Button small onClick={tryNow}>
        Retry now
      </Button>
    </section>
  )
}
