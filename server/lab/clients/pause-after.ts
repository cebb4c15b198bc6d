import type { StreamBye } from '#server/protocol/protocol.ts'

/** The pause that the server asks for; who has lost a right or a session need not wait to be told so. */
export function pauseAfter({ reason, retryMs }: StreamBye): number {
  return reason === 'session-ended' || reason === 'right-ended' ? 0 : retryMs
}
