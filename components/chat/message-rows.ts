import type { WireMessage } from '#server/protocol/chat.ts'

/** One line of the conversation: a day begins, what came since the reader left begins, or a message. */
type Row =
  | { type: 'day'; key: string; at: string }
  | { type: 'new'; key: string; at: string; count: number }
  /** `lead`: the first of several by one author, with their name and the time. */
  | { type: 'message'; key: string; message: WireMessage; lead: boolean }

/** What is new begins after this seq; `count` when more is unread than is loaded. */
export type NewSince = { seq: number; count?: number }

const togetherMs = 5 * 60_000

type Reading = {
  readerId: string
  since?: NewSince
  /** Whether days are the reader's; on a server, which knows no zone, they are UTC's. */
  zoned?: boolean
}

/** The conversation as it is drawn. */
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

/** Whether `message` stands under the name that stands over `before`. */
export function goesOn(
  before: Pick<WireMessage, 'authorId' | 'at'> | undefined,
  message: Pick<WireMessage, 'authorId' | 'at' | 'replyTo'>,
): boolean {
  if (before?.authorId !== message.authorId || message.replyTo) return false
  return Date.parse(message.at) - Date.parse(before.at) < togetherMs
}

/** How many messages of others stand after `seq`. */
export function newOnes(messages: readonly WireMessage[], readerId: string, seq: number): number {
  return messages.filter((one) => one.seq > seq && one.authorId !== readerId && !one.deletedAt).length
}

function dayOf(at: string, zoned: boolean): string {
  return zoned ? new Date(at).toDateString() : at.slice(0, 10)
}
