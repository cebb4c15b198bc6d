import type { StreamBye } from '#server/protocol.ts'

const firstCapMs = 500
const lastCapMs = 20_000

/**
 * The pause before the next try, in ms, after `failures` in a row: anything from 0 to a cap that doubles from 0.5 s to
 * 20 s. The jitter is full, so that a crowd which lost one server does not return as one.
 */
export function backoffMs(failures: number): number {
  return Math.random() * Math.min(lastCapMs, firstCapMs * 2 ** Math.min(failures - 1, 10))
}

/** The pause that the server asks for; who has lost a right or a session need not wait to be told so. */
export function pauseAfter({ reason, retryMs }: StreamBye): number {
  return reason === 'session-ended' || reason === 'right-ended' ? 0 : retryMs
}
