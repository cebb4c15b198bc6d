'use client'
import { useEffect, useEffectEvent } from 'react'
import { browserClock } from './clock.ts'
import { type CheckedStream, onNews, streamCheck } from './cross-check.ts'
import { pageFetch } from './page-viewer.ts'

/** Calls `check` when the bell reports something on `stream`, which this page shows and may not have received yet. */
export function useBellNews(stream: string, check: () => void) {
  const latest = useEffectEvent(check)
  useEffect(() => onNews('bell', (streams) => streams.includes(stream) && latest()), [stream])
}

/** The same for a followed stream: polls it, and reconnects if what the poll found is not delivered. */
export function useBellCheck(stream: string, followed: Omit<CheckedStream, 'name'>) {
  const latest = useEffectEvent(() => followed)
  useEffect(() => {
    const left = new AbortController()
    const check = streamCheck(
      {
        name: stream,
        cursor: () => latest().cursor(),
        isLive: () => latest().isLive(),
        tryNow: () => latest().tryNow(),
      },
      { fetch: pageFetch, clock: browserClock },
      left.signal,
    )
    const leave = onNews('bell', (streams) => streams.includes(stream) && check())
    return () => {
      leave()
      left.abort()
    }
  }, [stream])
}
