import type { Prisma } from '#prisma/generated/client.ts'
import type { WireAlert, WireAlertList } from '#server/protocol/protocol.ts'

const pageSize = 50

/** The id of an alert out of a `before`; undefined when it is none. */
export function parseAlertId(text: string): number | undefined {
  return /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : undefined
}

/** The newest alerts before an id, newest first, 50 a page, with how far each has come. */
export async function listAlerts(
  db: Pick<Prisma.TransactionClient, 'alert'>,
  before?: number,
): Promise<WireAlertList> {
  const rows = await db.alert.findMany({
    ...(before !== undefined && { where: { id: { lt: before } } }),
    orderBy: { id: 'desc' },
    take: pageSize + 1,
  })
  const items = rows.slice(0, pageSize).map(wireAlert)
  const last = items.at(-1)
  return { items, nextBefore: rows.length > pageSize && last ? String(last.id) : null }
}

export function wireAlert(row: Omit<WireAlert, 'at'> & { createdAt: Date }): WireAlert {
  const { id, title, body, createdAt, sent, done } = row
  return { id, title, body, at: createdAt.toISOString(), sent, done }
}
