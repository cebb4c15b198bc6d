import type { LineView } from '#components/live/socket-line.ts'
import type { WireState } from '#components/ui/badge.tsx'

const fallbackWords = { 'refused-upgrade': 'no WebSocket', 'cut-at-once': 'WebSocket cut' } as const

/** What a badge says of the socket. A page that shows it needs it: one that is idle is about to be opened. */
export function lineBadge(view: LineView): WireState {
  switch (view.state) {
    case 'idle':
    case 'opening':
      return { state: 'connecting', kind: 'ws' }
    case 'live':
      return { state: 'live', kind: 'ws', detail: ackTime(view) }
    case 'catching-up':
      return {
        state: 'catching-up',
        kind: 'ws',
        done: view.caughtUp?.done ?? 0,
        total: view.caughtUp?.of ?? 0,
      }
    case 'fallback':
      return { state: 'fallback', detail: view.fallbackReason && fallbackWords[view.fallbackReason] }
    case 'offline':
      return { state: 'offline', sinceMs: view.offlineSinceMs ?? Date.now() }
    case 'backing-off':
      return { state: 'backing-off', kind: 'ws', detail: String(view.lastError?.status ?? '') }
    case 'paused':
      return { state: 'paused', kind: 'ws', detail: 'page left' }
    case 'signed-out':
      return { state: 'ended', kind: 'ws', detail: 'signed out' }
    case 'refused':
      return { state: 'ended', kind: 'ws', detail: String(view.lastError?.status ?? '') }
  }
}

function ackTime({ ackMs }: LineView): string | undefined {
  return ackMs === undefined ? undefined : `${Math.round(ackMs)} ms`
}
