'use client'
import { useMemo } from 'react'
import { useNow } from '#components/live/use-now.ts'
import { useOfflineBanner } from './banner-slot.tsx'

type OfflineWire = {
  /** Since when nothing has come in; undefined while it is not offline. */
  sinceMs: number | undefined
  nextTryAtMs: number | undefined
  /** The cursor up to which everything is here. */
  upTo?: string | undefined
  /** What becomes of what the reader does meanwhile. */
  promise?: string | undefined
  tryNow: () => void
}

/** Lays the banner across the top while a page's wire is down, with the seconds until the next try. */
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
