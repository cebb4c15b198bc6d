'use client'
import { useMemo } from 'react'
import { useNow } from '#components/live/use-now.ts'
import { useOfflineBanner } from './banner-slot.tsx'

type OfflineWire = {
  /** Since when nothing has arrived; undefined unless offline. */
  sinceMs: number | undefined
  nextTryAtMs: number | undefined
  /** The cursor up to which everything has arrived. */
  upTo?: string | undefined
  /** What happens to what the reader does meanwhile. */
  promise?: string | undefined
  tryNow: () => void
}

/** Shows the banner across the top while a page's connection is down, with the seconds until the next retry. */
export function useOfflineWire({ sinceMs, nextTryAtMs, upTo, promise, tryNow }: OfflineWire) {
  const nowMs = useNow(1_000, sinceMs !== undefined)
  const secondsLeft =
    nextTryAtMs === undefined || nowMs === undefined
      ? null
      : Math.max(0, Math.ceil((nextTryAtMs - nowMs) / 1_000))
  const nextTryInMs = secondsLeft === null ? null : secondsLeft * 1_000
  useOfflineBanner(
    useMemo(
      () => (sinceMs === undefined ? null : { sinceMs, upTo, promise, nextTryInMs, tryNow }),
      [sinceMs, upTo, promise, nextTryInMs, tryNow],
    ),
  )
}
