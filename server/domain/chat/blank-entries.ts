import type { Transaction } from '#server/log/postgres-log.ts'
import type { RoomEntryData } from '#server/protocol/chat.ts'
import { type RoomBook, roomStream } from './room-book.ts'

/**
 * The entries that carried a message's words say nothing any more, and those that quoted it quote nothing; what they
 * tell besides stays. Gives the words. Comes after the transaction's `append` to the room's stream.
 */
export async function blankEntries(
  book: RoomBook,
  tx: Transaction,
  roomId: string,
  seq: number,
): Promise<string[]> {
  const stream = roomStream(roomId)
  // Each kind by itself: one condition for all would parse the JSON of every later entry.
  const entries = await tx.$queryRaw<{ seq: bigint; data: Worded }[]>`
    SELECT seq, data FROM log_entry WHERE stream = ${stream} AND seq = ${seq}::bigint
    UNION ALL
    SELECT e.seq, e.data FROM message m JOIN log_entry e ON e.stream = ${stream} AND e.seq = m.seq
    WHERE m."roomId" = ${roomId} AND m.seq > ${seq}::bigint AND m."replyTo" = ${seq}::bigint
    UNION ALL
    SELECT seq, data FROM log_entry WHERE stream = ${stream} AND seq > ${seq}::bigint
      AND type = 'message.edited' AND (data->>'seq')::bigint = ${seq}::bigint`
  for (const entry of entries) {
    await book.log.rewrite(tx, stream, Number(entry.seq), blanked(entry.data, seq))
  }
  return entries.flatMap(({ data }) => wordsOf(data, seq))
}

type Worded = RoomEntryData['message.sent'] | RoomEntryData['message.edited']

/** A message of its own, not one that answers it. */
function isIts({ message }: RoomEntryData['message.sent'], seq: number): boolean {
  return message.replyTo?.seq !== seq
}

function wordsOf(data: Worded, seq: number): string[] {
  if ('body' in data) return [data.body]
  return isIts(data, seq) ? [data.message.body] : []
}

function blanked(data: Worded, seq: number): Worded {
  if ('body' in data) return { ...data, body: '' }
  const { message } = data
  if (isIts(data, seq) || !message.replyTo) return { message: { ...message, body: '' } }
  const { excerpt: _, ...replyTo } = message.replyTo
  return { message: { ...message, replyTo } }
}
