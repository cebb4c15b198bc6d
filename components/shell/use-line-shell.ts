'use client'
import { useMemo } from 'react'
import type { LineView } from '#components/live/socket-line.ts'
import { useNow } from '#components/live/use-now.ts'
import { useBadge } from './badge-slot.tsx'
import { useOfflineBanner } from './banner-slot.tsx'
import { lineBadge } from './line-badge.ts'

type Promised = {
  tryNow: () => void
  /** The cursor up to which everything is here. */
  upTo?: string
  /** What becomes of what the reader does meanwhile. */
  promise?: string
}

/** Shows the line of a page in the shell: the badge, and while it is down the banner with the next try. */
export function useLineShell(view: LineView, { tryNow, upTo, promise }: Promised) {
  const { offlineSinceMs, nextTryAtMs } = view
  const offline = view.state === 'offline'
  const nowMs = useNow(1_000, offline)
  const secondsLeft =
    nextTryAtMs === undefined || nowMs === undefined
      ? null
      : Math.max(0, Math.ceil((nextTryAtMs - nowMs) / 1_000))
  useBadge(lineBadge(view))
  useOfflineBanner(
    useMemo(
      () =>
        offline && offlineSinceMs !== undefined
          ? {
              sinceMs: offlineSinceMs,
              upTo,
              promise,
              nextTryInMs: secondsLeft === null ? null : secondsLeft * 1_000,
              tryNow,
            }
          : null,
      [offline, offlineSinceMs, upTo, promise, secondsLeft, tryNow],
    ),
  )
}
