import type { WireQuote } from '#server/protocol/chat.ts'
import type { Problem } from '#server/protocol.ts'

/**
 * A message that was written here and is not known to be in the room. `waiting`: for the line, or for those before it;
 * `unanswered`: sent, and nobody knows; the same again is safe.
 */
export type Outgoing = {
  clientId: string
  body: string
  replyTo?: WireQuote
  atMs: number
  fate: 'waiting' | 'sending' | 'unanswered' | 'refused'
  problem?: Problem
}
