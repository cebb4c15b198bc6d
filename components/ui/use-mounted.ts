'use client'
import { useSyncExternalStore } from 'react'

/** False on the server and during hydration, true afterwards: for what only the browser can know. */
export function useMounted(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}

function never() {
  return () => undefined
}
