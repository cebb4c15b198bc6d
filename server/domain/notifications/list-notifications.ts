import { Prisma } from '#prisma/generated/client.ts'
import { formatCursor } from '#server/log/log.ts'
import type { Notice, WireNotification, WireNotificationList } from '#server/protocol/notifications.ts'

const pageSize = 30

type Reader = Pick<Prisma.TransactionClient, '$queryRaw'>

/** `before`: a `nextBefore` of an earlier page, exclusive. */
type NotificationQuery = { before?: number; unreadOnly?: boolean }

/** Parses a `before` parameter; undefined when it is malformed. */
export function parseSeq(text: string): number | undefined {
  return /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : undefined
}

/**
 * Notifications newest first, 30 a page, with the unread count and the cursor of the `user:` stream: one statement,
 * hence one snapshot.
 */
export async function listNotifications(
  db: Reader,
  epoch: string,
  userId: string,
  { before, unreadOnly = false }: NotificationQuery = {},
): Promise<WireNotificationList> {
  const older = before === undefined ? Prisma.sql`true` : Prisma.sql`seq < ${before}::bigint`
  const rows = await db.$queryRaw<Row[]>`
    SELECT b.unread, coalesce(h.seq, 0) AS head, n.seq, n.kind, n.data, n.at, n."readAt"
    FROM bell b LEFT JOIN log_head h ON h.stream = 'user:' || b."userId"
    LEFT JOIN LATERAL (
      SELECT seq, kind, data, at, "readAt" FROM notification
      WHERE "userId" = b."userId" AND ${older} AND NOT (${unreadOnly} AND "readAt" IS NOT NULL)
      ORDER BY seq DESC LIMIT ${pageSize + 1}
    ) n ON true
    WHERE b."userId" = ${userId} ORDER BY n.seq DESC`
  const found = rows.flatMap((row) => (row.seq === null ? [] : [wireNotification(row)]))
  const items = found.slice(0, pageSize)
  const last = items.at(-1)
  return {
    items,
    unread: rows[0]?.unread ?? 0,
    cursor: formatCursor({ epoch, seq: Number(rows[0]?.head ?? 0) }),
    nextBefore: found.length > pageSize && last ? String(last.seq) : null,
  }
}

type Row = { unread: number; head: bigint } & (KeptRow | { seq: null })
type KeptRow = { seq: bigint; at: Date; readAt: Date | null } & Notice

function wireNotification({ seq, at, readAt, ...row }: KeptRow): WireNotification {
  const notice = { kind: row.kind, data: row.data } as Notice
  return { seq: Number(seq), at: at.toISOString(), readAt: readAt?.toISOString() ?? null, ...notice }
}
