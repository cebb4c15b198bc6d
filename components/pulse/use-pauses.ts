'use client'
import { useEffect } from 'react'
import type { TraceEvent } from './trace.ts'

/** Tells when nobody looks, or the reader has stopped the drawing, and when it goes on. */
export function usePauses(tell: (event: TraceEvent) => void, stopped: boolean) {
  useEffect(() => {
    const look = () => {
      const away = stopped || document.hidden
      tell({ type: away ? 'paused' : 'resumed', atMs: Date.now() })
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [tell, stopped])
}
