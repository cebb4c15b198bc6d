'use client'
import type { StreamView } from '#components/live/stream-view.ts'
import { useNow } from '#components/live/use-now.ts'
import { Button } from '#components/ui/button.tsx'
import { formatCountdown } from '#components/ui/format.ts'
import { Notice } from '#components/ui/notice.tsx'

/** The server answers that it cannot, or will not, send the feed: why, and when it is asked again. */
export function StreamTrouble({ stream }: { stream: StreamView & { tryNow: () => void } }) {
  const { lastError, nextTryAtMs, tryNow, state } = stream
  const nowMs = useNow(500, lastError !== undefined)
  if (!lastError || (state !== 'backing-off' && state !== 'refused')) return null
  return (
    <Notice
      danger
      className="mt-4"
      action={
        <Button small onClick={tryNow}>
          Try now
        </Button>
      }
    >
      <strong className="font-semibold">The feed does not go on.</strong>{' '}
      {lastError.detail ?? lastError.title}.{' '}
      {nextTryAtMs !== undefined && nowMs !== undefined && (
        <span aria-hidden>Next try in {formatCountdown(nextTryAtMs - nowMs)}.</span>
      )}
      {lastError.requestId && (
        <span className="type-data block text-ink-2">request {lastError.requestId}</span>
      )}
    </Notice>
  )
}
