'use client'
import type { ConnectionView } from '#components/live/connection.ts'
import { useBadge } from './badge-slot.tsx'
import { streamBadge } from './stream-badge.ts'
import { useOfflineWire } from './use-offline-wire.ts'

/** Shows a page's stream in the shell: the badge, and while disconnected the banner with the next retry. */
export function useStreamShell(view: ConnectionView, tryNow: () => void) {
  const { state, offlineSinceMs, nextTryAtMs, cursor } = view
  useBadge(streamBadge(view))
  useOfflineWire({
    ...{ nextTryAtMs, upTo: cursor, tryNow },
    sinceMs: state === 'offline' ? offlineSinceMs : undefined,
    promise: 'What you write is kept and sent once.',
  })
}
