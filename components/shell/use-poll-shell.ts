'use client'

import type { ConnectionView } from '#components/live/connection.ts'
import type { Live, Mode } from '#components/live/use-live.ts'
import type { WireState } from '#components/ui/badge.tsx'
import { formatAge } from '#components/ui/format.ts'
import { useBadge } from './badge-slot.tsx'
import { useOfflineWire } from './use-offline-wire.ts'

/** Shows a page's poll in the shell: the badge, and while disconnected the banner with the next retry. */
export function usePollShell(poll: Live<unknown>, mode: Mode, upTo?: string) {
  const { offlineSinceMs, nextTryAtMs, tryNow } = poll
  useBadge(pollBadge(poll, mode))
  useOfflineWire({
    ...{ sinceMs: offlineSinceMs, nextTryAtMs: nextTryAtMs, upTo, tryNow: tryNow },
    promise: 'What you send is processed once, however often you press.',
  })
}

/** The badge of a poll. */
function pollBadge(view: ConnectionView<unknown>, mode: Mode): WireState {
  switch (view.state) {
    case 'live':
      return { state: 'polling', kind: 'long', detail: 'held open' }
    case 'idle':
    case 'opening':
    case 'requesting':
    case 'catching-up':
    case 'fallback':
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

function rhythm({ adviceMs }: ConnectionView<unknown>, mode: Mode): string | undefined {
  if (mode === 'long') return 'held open'
  return adviceMs === undefined ? undefined : `every ${formatAge(adviceMs)}`
}
