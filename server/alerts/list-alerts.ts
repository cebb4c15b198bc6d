import type { Prisma } from '#prisma/generated/client.ts'
import type { WireAlert, WireAlertList } from '#server/protocol.ts'

const newest = 50

/** The newest alerts, newest first, with how far each has come. */
export async function listAlerts(db: Pick<Prisma.TransactionClient, 'alert'>): Promise<WireAlertList> {
  const rows = await db.alert.findMany({ orderBy: { id: 'desc' }, take: newest })
  return { items: rows.map(wireAlert) }
}

export function wireAlert(row: Omit<WireAlert, 'at'> & { createdAt: Date }): WireAlert {
  const { id, title, body, createdAt, sent, done } = row
  return { id, title, body, at: createdAt.toISOString(), sent, done }
}
