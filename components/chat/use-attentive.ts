'use client'
import { useSyncExternalStore } from 'react'

/** Whether the reader looks at this page: its tab is in sight, and its window has the focus. */
export function useAttentive(): boolean {
  return useSyncExternalStore(
    watch,
    () => document.visibilityState === 'visible' && document.hasFocus(),
    () => false,
  )
}

function watch(changed: () => void) {
  window.addEventListener('focus', changed)
  window.addEventListener('blur', changed)
  document.addEventListener('visibilitychange', changed)
  return () => {
    window.removeEventListener('focus', changed)
    window.removeEventListener('blur', changed)
    document.removeEventListener('visibilitychange', changed)
  }
}
