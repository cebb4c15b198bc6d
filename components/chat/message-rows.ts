import type { WireMessage } from '#server/protocol/chat.ts'

/** One line of the conversation: a day begins, what came since the reader left begins, or a message. */
export type Row =
  | { type: 'day'; key: string; at: string }
  | { type: 'new'; key: string; at: string; count: number }
  /** `lead`: the first of several by one author, with their name and the time. */
  | { type: 'message'; key: string; message: WireMessage; lead: boolean }

/** What is new begins after this seq; `count` when more is unread than is loaded. */
export type NewSince = { seq: number; count?: number }

const togetherMs = 5 * 60_000

/** The conversation as it is drawn, days in the reader's zone. */
export function rowsOf(messages: readonly WireMessage[], readerId: string, since?: NewSince): Row[] {
  const firstNew = since && messages.find(({ seq, authorId }) => seq > since.seq && authorId !== readerId)
  const newCount = since && newOnes(messages, readerId, since.seq)
  return messages.flatMap((message, n) => {
    const before = messages[n - 1]
    const rows: Row[] = []
    if (!before || !isSameDay(before.at, message.at)) {
      rows.push({ type: 'day', key: `day ${new Date(message.at).toDateString()}`, at: message.at })
    }
    if (message === firstNew) {
      rows.push({
        type: 'new',
        key: 'new',
        at: message.at,
        count: Math.max(newCount ?? 0, since?.count ?? 0),
      })
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
  return Date.parse(message.at) - Date.parse(before.at) < togetherMs && isSameDay(before.at, message.at)
}

/** How many messages of others stand after `seq`. */
export function newOnes(messages: readonly WireMessage[], readerId: string, seq: number): number {
  return messages.filter((one) => one.seq > seq && one.authorId !== readerId && !one.deletedAt).length
}

function isSameDay(a: string, b: string): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString()
}
