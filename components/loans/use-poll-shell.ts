'use client'
import type { Mode } from '#components/live/poll-step.ts'
import type { Poll } from '#components/live/use-poll.ts'
import { useBadge } from '#components/shell/badge-slot.tsx'
import { useOfflineWire } from '#components/shell/use-offline-wire.ts'
import { pollBadge } from './poll-badge.ts'

/** Shows a page's poll in the shell: the badge, and while the line is down the banner with the next try. */
export function usePollShell(poll: Poll<unknown>, mode: Mode, upTo?: string) {
  const { offlineSinceMs, nextAskAtMs, askNow } = poll
  useBadge(pollBadge(poll, mode))
  useOfflineWire({
    ...{ sinceMs: offlineSinceMs, nextTryAtMs: nextAskAtMs, upTo, tryNow: askNow },
    promise: 'What you send is sent once, however often you press.',
  })
}
