import { z } from 'zod'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { JobTasks } from '#server/jobs/worker.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import { type AlertBook, alertPriority } from './alert-book.ts'

const batch = z.object({ alertId: z.int(), after: z.string() })

/** The durable job of this folder. */
export function alertJobs(book: AlertBook): JobTasks {
  return {
    'spread-alert': async (payload) => {
      const { alertId, after } = batch.parse(payload)
      await spreadAlert(book, alertId, after)
    },
  }
}

/**
 * Tells the next batch of users, in the order of their ids, and enqueues the batch after it: how far the alert has
 * come commits with the telling, so a worker that is killed neither skips nor repeats anybody. Run twice, it does
 * nothing the second time: the alert has come further than `after`. Who signs up meanwhile may or may not be told.
 */
async function spreadAlert(book: AlertBook, alertId: number, after: string): Promise<void> {
  await book.log.transact(async (tx) => {
    const alert = await lockAlert(tx, alertId)
    if (!alert || alert.done || alert.lastUserId !== after) return
    const users = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM "user" WHERE id > ${after} ORDER BY id LIMIT ${book.batch}`
    const lastUserId = users.at(-1)?.id
    if (lastUserId !== undefined) {
      const next = { alertId, after: lastUserId }
      await enqueue(tx, 'spread-alert', next, 0, alertPriority)
    }
    const { title, body } = alert
    const notice = { kind: 'alert' as const, data: { alertId, title, body }, key: `alert:${alertId}` }
    const told = await book.announce(
      tx,
      [],
      users.map(({ id }) => ({ ...notice, to: id })),
    )
    await tx.alert.update({
      where: { id: alertId },
      data: lastUserId === undefined ? { done: true } : { lastUserId, sent: { increment: told.length } },
    })
  }, `alert:${alertId}`)
}

type LockedAlert = { title: string; body: string; lastUserId: string; done: boolean }

async function lockAlert(tx: Transaction, id: number): Promise<LockedAlert | undefined> {
  const [alert] = await tx.$queryRaw<LockedAlert[]>`
    SELECT title, body, "lastUserId", done FROM alert WHERE id = ${id} FOR UPDATE`
  return alert
}
