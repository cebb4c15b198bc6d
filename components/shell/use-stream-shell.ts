'use client'
import { useMemo } from 'react'
import type { StreamView } from '#components/live/stream-view.ts'
import { useNow } from '#components/live/use-now.ts'
import { useBadge } from './badge-slot.tsx'
import { useOfflineBanner } from './banner-slot.tsx'
import { streamBadge } from './stream-badge.ts'

/** Shows a page's stream in the shell: the badge, and while the line is down the banner with the next try. */
export function useStreamShell(view: StreamView, tryNow: () => void) {
  const { offlineSinceMs, nextTryAtMs, cursor } = view
  const offline = view.state === 'offline'
  const nowMs = useNow(1_000, offline)
  const secondsLeft =
    nextTryAtMs === undefined || nowMs === undefined
      ? null
      : Math.max(0, Math.ceil((nextTryAtMs - nowMs) / 1_000))
  useBadge(streamBadge(view))
  useOfflineBanner(
    useMemo(
      () =>
        offline && offlineSinceMs !== undefined
          ? {
              sinceMs: offlineSinceMs,
              upTo: cursor,
              promise: 'What you write is kept and sent once.',
              nextTryInMs: secondsLeft === null ? null : secondsLeft * 1_000,
              tryNow,
            }
          : null,
      [offline, offlineSinceMs, cursor, secondsLeft, tryNow],
    ),
  )
}
