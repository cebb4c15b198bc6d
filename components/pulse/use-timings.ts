'use client'
import { useEffect } from 'react'
import type { TraceEvent } from './trace.ts'

/** Passes on the browser's own account of each answer on the pulse: finer times, and the bytes received. */
export function useTimings(tell: (event: TraceEvent) => void) {
  useEffect(() => {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (!(entry instanceof PerformanceResourceTiming) || !entry.name.includes('/api/streams/pulse'))
          continue
        const { startTime, responseEnd, transferSize } = entry
        tell({
          type: 'measured',
          openedMs: performance.timeOrigin + startTime,
          endedMs: performance.timeOrigin + responseEnd,
          receivedBytes: transferSize,
        })
      }
    })
    observer.observe({ type: 'resource' })
    return () => observer.disconnect()
  }, [tell])
}
