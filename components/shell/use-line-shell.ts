'use client'
import type { ConnectionView } from '#components/live/connection.ts'
import { useBadge } from './badge-slot.tsx'
import { lineBadge } from './line-badge.ts'
import { useOfflineWire } from './use-offline-wire.ts'

type Promised = { tryNow: () => void; upTo?: string; promise?: string }

/**
 * Shows the state of a page's socket in the shell: the badge, and while disconnected the banner with the next retry.
 */
export function useLineShell(view: ConnectionView, { tryNow, upTo, promise }: Promised) {
  const { state, offlineSinceMs, nextTryAtMs } = view
  useBadge(lineBadge(view))
  useOfflineWire({
    ...{ nextTryAtMs, upTo, promise, tryNow },
    sinceMs: state === 'offline' ? offlineSinceMs : undefined,
  })
}
