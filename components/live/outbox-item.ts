import type { MessageDraft } from '#server/protocol/chat.ts'
import { clientIdPattern, type Problem } from '#server/protocol/protocol.ts'

/**
 * A message that was written here and is not known to have arrived. `waiting`: for the line, or for those before it;
 * `unanswered`: sent, and nobody knows, so it is sent again; `failed`: refused for good.
 */
export type OutboxItem = MessageDraft & {
  roomId: string
  state: 'waiting' | 'sending' | 'unanswered' | 'failed'
  problem?: Problem
  /** When it was written, in epoch ms. */
  atMs: number
}

/** As text for the browser's storage. */
export function storedText(items: readonly OutboxItem[]): string {
  return JSON.stringify(items)
}

/** What was stored, ready to be sent again; nothing when it cannot be read, for an older page may have written it. */
export function storedItems(text: string | null): OutboxItem[] {
  const items = parsed(text)
  if (!Array.isArray(items)) return []
  return items.filter(isItem).map((item) => (item.state === 'failed' ? item : { ...item, state: 'waiting' }))
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '[]')
  } catch {
    // Not ours, or half written.
    return []
  }
}

function isItem(value: unknown): value is OutboxItem {
  if (typeof value !== 'object' || value === null) return false
  const { clientId, roomId, body, atMs } = value as Record<string, unknown>
  return (
    typeof clientId === 'string' &&
    clientIdPattern.test(clientId) &&
    typeof roomId === 'string' &&
    typeof body === 'string' &&
    typeof atMs === 'number'
  )
}
