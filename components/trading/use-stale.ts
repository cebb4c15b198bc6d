'use client'
import type { ConnectionState } from '#components/live/connection.ts'
import { useNow } from '#components/live/use-now.ts'

/** A market of this many instruments is never silent for this long, in ms. */
const silentMs = 5_000

/**
 * Since when the prices shown are stale, in epoch ms: disconnected, or nothing arrives. Undefined while they are live,
 * or before that is known.
 */
export function useStale(
  heardAtMs: () => number | undefined,
  state: ConnectionState,
  offlineSinceMs: number | undefined,
) {
  const nowMs = useNow(1_000)
  if (nowMs === undefined) return undefined
  const heardMs = heardAtMs()
  if (state === 'offline' || state === 'backing-off' || state === 'refused') {
    return heardMs ?? offlineSinceMs ?? nowMs
  }
  return heardMs !== undefined && nowMs - heardMs > silentMs ? heardMs : undefined
}

/** Why no order can be sent now; undefined if one can. An order never waits for a connection to return. */
export function closedBecause(
  state: ConnectionState,
  { heard, stale }: { heard: boolean; stale: boolean },
): string | undefined {
  switch (state) {
    case 'live':
    case 'catching-up':
    case 'fallback':
      if (!heard) return 'Waiting for the first prices …'
      return stale ? 'Prices are out of date, so orders can’t be placed right now.' : undefined
    case 'idle':
    case 'opening':
      return 'Connecting …'
    case 'paused':
      return 'The connection is paused while this page is hidden.'
    case 'offline':
      return 'You’re offline. Orders aren’t queued: place them once you’re back online.'
    case 'backing-off':
    case 'refused':
      return 'The server isn’t accepting orders right now. Orders aren’t queued.'
    case 'signed-out':
      return 'Your session has ended.'
  }
}
