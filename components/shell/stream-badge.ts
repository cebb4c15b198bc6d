import type { StreamView } from '#components/live/stream-view.ts'
import type { WireState } from '#components/ui/badge.tsx'
import { formatAge } from '#components/ui/format.ts'

/** What a badge says of an event stream. `nowMs` ages the last beat; without it no age is told. */
export function streamBadge(view: StreamView, nowMs?: number): WireState {
  switch (view.state) {
    case 'opening':
      return { state: 'connecting', kind: 'sse' }
    case 'live':
      return { state: 'live', kind: 'sse', detail: beatAge(view, nowMs) }
    case 'catching-up':
      return {
        state: 'catching-up',
        kind: 'sse',
        done: view.caughtUp?.done ?? 0,
        total: view.caughtUp?.of ?? 0,
      }
    case 'fallback':
      return { state: 'fallback' }
    case 'offline':
      return { state: 'offline', sinceMs: view.offlineSinceMs ?? Date.now() }
    case 'backing-off':
      return { state: 'backing-off', kind: 'sse', detail: String(view.lastError?.status ?? '') }
    case 'paused':
      return { state: 'paused', kind: 'sse', detail: 'hidden tab' }
    case 'signed-out':
      return { state: 'ended', kind: 'sse', detail: 'signed out' }
    case 'refused':
      return { state: 'ended', kind: 'sse', detail: String(view.lastError?.status ?? '') }
  }
}

function beatAge({ beatAtMs }: StreamView, nowMs: number | undefined): string | undefined {
  if (beatAtMs === undefined || nowMs === undefined) return undefined
  return `beat ${formatAge(nowMs - beatAtMs)} ago`
}
