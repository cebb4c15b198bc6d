'use client'
import { useEffect, useSyncExternalStore } from 'react'

/** A place in the layout that the page on show fills, and that is empty again when the page goes. */
export type Slot<Content> = {
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

/** Fills a slot while the component stands; only one component at a time may. `next` must be stable between changes. */
export function useFill<Content>(slot: Slot<Content>, next: Content | null) {
  useEffect(() => {
    slot.put(next)
    return () => slot.put(null)
  }, [slot, next])
}

/** What fills the slot now. */
export function useContent<Content>(slot: Slot<Content>): Content | null {
  return useSyncExternalStore(slot.watch, slot.content, () => null)
}
