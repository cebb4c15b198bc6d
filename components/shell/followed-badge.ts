import type { ConnectionState } from '#components/live/connection.ts'
import type { WireState } from '#components/ui/badge.tsx'
import type { Problem } from '#server/protocol/problems.ts'

type Followed = {
  state: ConnectionState
  offlineSinceMs: number | undefined
  caughtUp: { done: number; of: number } | undefined
  lastError: Problem | undefined
}

/** A connection's own details while live, in the fallback, and paused. */
type Words = { live: string | undefined; fallback?: string | undefined; paused: string }

/** The badge of a connection that stays open, of either kind. */
export function followedBadge(view: Followed, kind: 'sse' | 'ws', words: Words): WireState {
  const { state, caughtUp, lastError } = view
  switch (state) {
    case 'idle':
    case 'opening':
    case 'requesting':
    case 'waiting':
      return { state: 'connecting', kind }
    case 'live':
      return { state: 'live', kind, detail: words.live }
    case 'catching-up':
      return { state: 'catching-up', kind, done: caughtUp?.done ?? 0, total: caughtUp?.of ?? 0 }
    case 'fallback':
      return words.fallback === undefined
        ? { state: 'fallback' }
        : { state: 'fallback', detail: words.fallback }
    case 'offline':
      return { state: 'offline', sinceMs: view.offlineSinceMs ?? Date.now() }
    case 'backing-off':
      return { state: 'backing-off', kind, detail: String(lastError?.status ?? '') }
    case 'paused':
      return { state: 'paused', kind, detail: words.paused }
    case 'ended':
      return { state: 'ended', kind }
    case 'signed-out':
      return { state: 'ended', kind, detail: 'signed out' }
    case 'refused':
      return { state: 'ended', kind, detail: String(lastError?.status ?? '') }
  }
}
