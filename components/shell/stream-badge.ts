import type { ConnectionView } from '#components/live/connection.ts'
import type { WireState } from '#components/ui/badge.tsx'
import { formatAge } from '#components/ui/format.ts'
import { followedBadge } from './followed-badge.ts'

/** The badge of an event stream. `nowMs` gives the age of the last beat; without it no age is shown. */
export function streamBadge(view: ConnectionView, nowMs?: number): WireState {
  return followedBadge(view, 'sse', { live: beatAge(view, nowMs), paused: 'hidden tab' })
}

function beatAge({ beatAtMs }: ConnectionView, nowMs: number | undefined): string | undefined {
  if (beatAtMs === undefined || nowMs === undefined) return undefined
  return `beat ${formatAge(nowMs - beatAtMs)} ago`
}
