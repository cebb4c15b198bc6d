import type { ConnectionView } from '#components/live/connection.ts'
import type { FallbackReason } from '#components/live/fallback.ts'
import type { WireState } from '#components/ui/badge.tsx'
import { formatDuration } from '#components/ui/format.ts'
import { followedBadge } from './followed-badge.ts'

const fallbackWords: Partial<Record<FallbackReason['how'], string>> = {
  'refused-upgrade': 'no WebSocket',
  'cut-at-once': 'WebSocket cut',
}

/** The badge of the socket. A page that shows it needs it, so an idle one is about to open. */
export function lineBadge(view: ConnectionView): WireState {
  const { ackMs, fallbackReason } = view
  const state = view.state === 'idle' ? 'opening' : view.state
  return followedBadge({ ...view, state }, 'ws', {
    live: ackMs === undefined ? undefined : ackTime(ackMs),
    fallback: fallbackReason && fallbackWords[fallbackReason.how],
    paused: 'page hidden',
  })
}

/** Without tenths, because it changes with every message. */
function ackTime(ackMs: number): string {
  return ackMs < 999.5 ? `${Math.round(ackMs)} ms` : formatDuration(ackMs)
}
