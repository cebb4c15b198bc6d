import { Prisma } from '#prisma/generated/client.ts'
import { formatCursor } from '#server/log/log.ts'
import type { WireMessageList } from '#server/protocol/chat.ts'
import { roomStream } from './chat-deps.ts'
import { type MessageRow, messageColumns, messageJoins, type Reader, wireMessage } from './read-message.ts'

const pageSize = 40

/** Parses a seq from a `before` or a path; undefined when it is not one. */
export function parseMessageSeq(text: string): number | undefined {
  return /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : undefined
}

/**
 * The newest 40 before a seq, oldest first, with the cursor of the room's stream: one statement, hence one snapshot.
 */
export async function listMessages(
  db: Reader,
  epoch: string,
  roomId: string,
  before?: number,
): Promise<WireMessageList> {
  const older = before === undefined ? Prisma.sql`m.seq IS NOT NULL` : Prisma.sql`m.seq < ${before}::bigint`
  const rows = await db.$queryRaw<({ head: bigint } & (MessageRow | { id: null }))[]>`
    SELECT h.head, found.* FROM (
      SELECT coalesce((SELECT seq FROM log_head WHERE stream = ${roomStream(roomId)}), 0) AS head
    ) h LEFT JOIN LATERAL (
      SELECT ${messageColumns} FROM (
        SELECT * FROM message m WHERE m."roomId" = ${roomId} AND ${older} ORDER BY m.seq DESC LIMIT ${pageSize + 1}
      ) m ${messageJoins}
    ) found ON true ORDER BY found.seq`
  const found = rows.flatMap((row) => (row.id === null ? [] : [wireMessage(row)]))
  const items = found.slice(-pageSize)
  const [oldest] = items
  return {
    items,
    cursor: formatCursor({ epoch, seq: Number(rows[0]?.head ?? 0) }),
    nextBefore: found.length > pageSize && oldest ? String(oldest.seq) : null,
  }
}
