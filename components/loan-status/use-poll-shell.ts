'use client'
import { useMemo } from 'react'
import type { Mode } from '#components/live/poll-step.ts'
import { useNow } from '#components/live/use-now.ts'
import type { Poll } from '#components/live/use-poll.ts'
import { useBadge } from '#components/shell/badge-slot.tsx'
import { useOfflineBanner } from '#components/shell/banner-slot.tsx'
import { pollBadge } from './poll-badge.ts'

/** Shows a page's poll in the shell: the badge, and while the line is down the banner with the next try. */
export function usePollShell(poll: Poll<unknown>, mode: Mode, upTo?: string) {
  const { offlineSinceMs, nextAskAtMs, askNow } = poll
  const nowMs = useNow(1_000, offlineSinceMs !== undefined)
  const secondsLeft =
    nextAskAtMs === undefined || nowMs === undefined
      ? null
      : Math.max(0, Math.ceil((nextAskAtMs - nowMs) / 1_000))
  useBadge(pollBadge(poll, mode))
  useOfflineBanner(
    useMemo(
      () =>
        offlineSinceMs === undefined
          ? null
          : {
              sinceMs: offlineSinceMs,
              upTo,
              promise: 'What you send is sent once, however often you press.',
              nextTryInMs: secondsLeft === null ? null : secondsLeft * 1_000,
              tryNow: askNow,
            },
      [offlineSinceMs, upTo, secondsLeft, askNow],
    ),
  )
}
