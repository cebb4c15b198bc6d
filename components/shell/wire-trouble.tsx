'use client'
import { useNow } from '#components/live/use-now.ts'
import { Button } from '#components/ui/button.tsx'
import { formatCountdown } from '#components/ui/format.ts'
import { Notice } from '#components/ui/notice.tsx'
import type { Problem } from '#server/protocol/problems.ts'

type WireTroubleProps = {
  /** What is out of date: `The feed`. */
  what: string
  view: { state: string; lastError: Problem | undefined; nextTryAtMs: number | undefined }
  onTryNow: () => void
  className: string
}

/** The server responds that it cannot or will not serve this: why, and when the next retry comes. */
export function WireTrouble({ what, view, onTryNow, className }: WireTroubleProps) {
  const { lastError, nextTryAtMs, state } = view
  const nowMs = useNow(500, lastError !== undefined)
  if (!lastError || (state !== 'backing-off' && state !== 'refused')) return null
  return (
    <Notice
      danger
      className={className}
      action={
        <Button small onClick={onTryNow}>
          Retry now
        </Button>
      }
    >
      <strong className="font-semibold">{what} stopped updating.</strong>{' '}
      {lastError.detail ?? lastError.title}.{' '}
      {nextTryAtMs !== undefined && nowMs !== undefined && (
        <span aria-hidden>Next retry in {formatCountdown(nextTryAtMs - nowMs)}.</span>
      )}
      {lastError.requestId && (
        <span className="type-data block text-ink-2">request {lastError.requestId}</span>
      )}
    </Notice>
  )
}
