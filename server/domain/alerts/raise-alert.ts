import { enqueue } from '#server/jobs/enqueue.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireAlert } from '#server/protocol/protocol.ts'
import { alertPriority } from './alert-book.ts'
import { wireAlert } from './list-alerts.ts'

/** An officer says something to everybody; the job that carries it round begins at once. */
export async function raiseAlert(
  tx: Transaction,
  officerId: string,
  { title, body }: { title: string; body: string },
): Promise<WireAlert> {
  const alert = await tx.alert.create({ data: { authorId: officerId, title, body } })
  await enqueue(tx, 'spread-alert', { alertId: alert.id, after: alert.lastUserId }, 0, alertPriority)
  return wireAlert(alert)
}
