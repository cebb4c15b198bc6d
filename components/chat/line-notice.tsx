'use client'
import type { LineView } from '#components/live/line-view.ts'
import { WireTrouble } from '#components/shell/wire-trouble.tsx'
import { Notice } from '#components/ui/notice.tsx'

const reasons = {
  'refused-upgrade': 'Something on the way refuses WebSockets',
  'cut-at-once': 'Something on the way cuts each WebSocket at once',
} as const satisfies Record<NonNullable<LineView['fallbackReason']>, string>

const place = 'mx-(--chat-x) mt-2'

/** What the reader of a room must know of the line: it goes on otherwise, or it does not. */
export function LineNotice({ view, onTryNow }: { view: LineView; onTryNow: () => void }) {
  const { state, fallbackReason } = view
  if (state !== 'fallback') {
    return <WireTrouble what="The room" view={view} onTryNow={onTryNow} className={place} />
  }
  return (
    <Notice className={place}>
      {fallbackReason ? reasons[fallbackReason] : 'No WebSocket can be had'}. The room goes on over
      Server-Sent Events and HTTP, without who is here or typing.
    </Notice>
  )
}
