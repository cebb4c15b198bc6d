import type { WireMessage } from '#server/protocol/chat.ts'

/** One line of the conversation: the start of a day, the start of what is new, or a message. */
type Row =
  | { type: 'day'; key: string; at: string }
  | { type: 'new'; key: string; at: string; count: number }
  /** `lead`: the first of several by one author, shown with their name and the time. */
  | { type: 'message'; key: string; message: WireMessage; lead: boolean }

/** New messages start after this seq; `count` is set when more are unread than loaded. */
export type NewSince = { seq: number; count?: number }

const togetherMs = 5 * 60_000

type Reading = {
  readerId: string
  since?: NewSince
  /** Whether days are in the reader's time zone; on a server, which does not know it, they are in UTC. */
  zoned?: boolean
}

/** The conversation's lines, in order. */
export function rowsOf(messages: readonly WireMessage[], { readerId, since, zoned = true }: Reading): Row[] {
  const firstNew = since && messages.find(({ seq, authorId }) => seq > since.seq && authorId !== readerId)
  return messages.flatMap((message, n) => {
    const before = messages[n - 1]
    const day = dayOf(message.at, zoned)
    const rows: Row[] = []
    if (!before || dayOf(before.at, zoned) !== day) {
      rows.push({ type: 'day', key: `day ${day}`, at: message.at })
    }
    if (since && message === firstNew) {
      const count = Math.max(newOnes(messages, readerId, since.seq), since.count ?? 0)
      rows.push({ type: 'new', key: 'new', at: message.at, count })
    }
    const lead = rows.length > 0 || !goesOn(before, message)
    return [...rows, { type: 'message' as const, key: message.id, message, lead }]
  })
}

/** Whether `message` continues the group of `before`, under the same name. */
export function goesOn(
  before: Pick<WireMessage, 'authorId' | 'at'> | undefined,
  message: Pick<WireMessage, 'authorId' | 'at' | 'replyTo'>,
): boolean {
  if (before?.authorId !== message.authorId || message.replyTo) return false
  return Date.parse(message.at) - Date.parse(before.at) < togetherMs
}

/** How many messages by others come after `seq`. */
export function newOnes(messages: readonly WireMessage[], readerId: string, seq: number): number {
  return messages.filter((one) => one.seq > seq && one.authorId !== readerId && !one.deletedAt).length
}

function dayOf(at: string, zoned: boolean): string {
  return zoned ? new Date(at).toDateString() : at.slice(0, 10)
}
