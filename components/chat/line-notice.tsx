'use client'
import type { LineView } from '#components/live/line-view.ts'
import { useNow } from '#components/live/use-now.ts'
import { Button } from '#components/ui/button.tsx'
import { formatCountdown } from '#components/ui/format.ts'
import { Notice } from '#components/ui/notice.tsx'

const reasons = {
  'refused-upgrade': 'Something on the way refuses WebSockets',
  'cut-at-once': 'Something on the way cuts each WebSocket at once',
} as const satisfies Record<NonNullable<LineView['fallbackReason']>, string>

/** What the reader of a room must know of the line: it goes on otherwise, or it does not. */
export function LineNotice({ view, onTryNow }: { view: LineView; onTryNow: () => void }) {
  const { state, fallbackReason, lastError, nextTryAtMs } = view
  const nowMs = useNow(500, lastError !== undefined)
  if (state === 'fallback') {
    return (
      <Notice className="mx-(--chat-x) mt-2">
        {fallbackReason ? reasons[fallbackReason] : 'No WebSocket can be had'}. The room goes on over
        Server-Sent Events and HTTP: nothing is lost, but nobody sees who is here or typing.
      </Notice>
    )
  }
  if (!lastError || (state !== 'backing-off' && state !== 'refused')) return null
  return (
    <Notice
      danger
      className="mx-(--chat-x) mt-2"
      action={
        <Button small onClick={onTryNow}>
          Try now
        </Button>
      }
    >
      <strong className="font-semibold">The room does not go on.</strong>{' '}
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
