'use client'
import type { LineState } from '#components/live/connection.ts'
import { useNow } from '#components/live/use-now.ts'

/** A market of this many instruments is never silent for so long. */
const silentMs = 5_000

/**
 * Since when the prices on show are old, in epoch ms: the line is down, or nothing comes over it. Undefined while
 * they are live, or before it is known.
 */
export function useStale(
  heardAtMs: () => number | undefined,
  state: LineState,
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

/** Why no order can be sent now; undefined when it can. An order never waits for a line to come back. */
export function closedBecause(
  state: LineState,
  { heard, stale }: { heard: boolean; stale: boolean },
): string | undefined {
  switch (state) {
    case 'live':
    case 'catching-up':
    case 'fallback':
      if (!heard) return 'Waiting for the first prices …'
      return stale ? 'No price has come for a while, so nothing can be traded at one.' : undefined
    case 'idle':
    case 'opening':
      return 'Opening the line …'
    case 'paused':
      return 'The line rests while the page is not seen.'
    case 'offline':
      return 'The line is down. An order would not be sent later without you: place it once the line is back.'
    case 'backing-off':
    case 'refused':
      return 'The server does not take orders now. Nothing is kept to be sent later.'
    case 'signed-out':
      return 'Your session has ended.'
  }
}
