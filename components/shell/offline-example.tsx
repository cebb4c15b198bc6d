'use client'
import { useMemo } from 'react'
import { useNow } from '#components/live/use-now.ts'
import { showToast } from '#components/ui/toast-store.ts'
import { useBadge } from './badge-slot.tsx'
import { useOfflineBanner } from './banner-slot.tsx'

const everyMs = 8_000

/** The banner and the badge as shown while disconnected; the banner says that it is an example. */
export function OfflineExample({ sinceMs }: { sinceMs: number }) {
  const nowMs = useNow(1_000)
  const nextTryInMs = nowMs === undefined ? null : everyMs - ((nowMs - sinceMs) % everyMs)
  const notice = useMemo(
    () => ({
      sinceMs,
      upTo: 'k7.91',
      promise: 'This page shows examples. Your connection is fine.',
      nextTryInMs,
      tryNow: () =>
        showToast({ title: 'An example.', text: 'This is an example; there is nothing to retry.' }),
    }),
    [sinceMs, nextTryInMs],
  )
  useOfflineBanner(notice)
  useBadge({ state: 'offline', sinceMs })
  return null
}
