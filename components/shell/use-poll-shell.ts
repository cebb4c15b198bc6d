'use client'

import type { Mode } from '#components/live/clients/client.ts'
import type { PollView } from '#components/live/poll-view.ts'
import type { Poll } from '#components/live/use-poll.ts'
import type { WireState } from '#components/ui/badge.tsx'
import { formatAge } from '#components/ui/format.ts'
import { useBadge } from './badge-slot.tsx'
import { useOfflineWire } from './use-offline-wire.ts'

/** Shows a page's poll in the shell: the badge, and while the line is down the banner with the next try. */
export function usePollShell(poll: Poll<unknown>, mode: Mode, upTo?: string) {
  const { offlineSinceMs, nextAskAtMs, askNow } = poll
  useBadge(pollBadge(poll, mode))
  useOfflineWire({
    ...{ sinceMs: offlineSinceMs, nextTryAtMs: nextAskAtMs, upTo, tryNow: askNow },
    promise: 'What you send is processed once, however often you press.',
  })
}

/** What the badge in the top bar says of a poll. */
function pollBadge(view: PollView<unknown>, mode: Mode): WireState {
  switch (view.state) {
    case 'live':
      return { state: 'polling', kind: 'long', detail: 'held open' }
    case 'asking':
    case 'waiting':
      return { state: 'polling', kind: mode, detail: rhythm(view, mode) }
    case 'backing-off':
      return { state: 'backing-off', kind: mode, detail: String(view.lastError?.status ?? '') }
    case 'offline':
      return { state: 'offline', sinceMs: view.offlineSinceMs ?? Date.now() }
    case 'paused':
      return { state: 'paused', kind: mode, detail: 'hidden tab' }
    case 'ended':
      return { state: 'ended', kind: mode, detail: 'final' }
    case 'signed-out':
      return { state: 'ended', kind: mode, detail: 'signed out' }
    case 'refused':
      return { state: 'ended', kind: mode, detail: String(view.lastError?.status ?? '') }
  }
}

function rhythm({ adviceMs }: PollView<unknown>, mode: Mode): string | undefined {
  if (mode === 'long') return 'held open'
  return adviceMs === undefined ? undefined : `every ${formatAge(adviceMs)}`
}
