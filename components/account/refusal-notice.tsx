'use client'
import { useNow } from '#components/live/use-now.ts'
import { formatCountdown } from '#components/ui/format.ts'
import { Notice } from '#components/ui/notice.tsx'
import type { Refused } from './credentials.ts'

/** What stands between someone and the site, when it is not the fault of a field; it counts down to the next try. */
export function RefusalNotice({ refused }: { refused: Refused }) {
  const { summary, retryAtMs, requestId } = refused
  const nowMs = useNow(1_000, retryAtMs !== undefined)
  if (!summary) return null
  const remainingMs = retryAtMs === undefined || nowMs === undefined ? 0 : retryAtMs - nowMs
  return (
    <Notice danger>
      {summary} {remainingMs > 0 && <span aria-hidden>Try again in {formatCountdown(remainingMs)}.</span>}
      {requestId && <span className="type-data block text-ink-2">request {requestId}</span>}
    </Notice>
  )
}
