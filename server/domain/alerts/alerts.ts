import { z } from 'zod'
import type { Prisma } from '#prisma/generated/client.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { JobTasks } from '#server/jobs/worker.ts'
import type { Log, NewEntry, StreamHead } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { Notice, WireAlert, WireAlertList } from '#server/protocol/notifications.ts'

/** Publishes an officer's alert to everybody; the job that notifies users starts at once. */
export async function raiseAlert(
  tx: Transaction,
  officerId: string,
  { title, body }: { title: string; body: string },
): Promise<WireAlert> {
  const alert = await tx.alert.create({ data: { authorId: officerId, title, body } })
  await enqueue(tx, 'spread-alert', { alertId: alert.id, after: alert.lastUserId }, 0, alertPriority)
  return wireAlert(alert)
}

/** A batch goes to hundreds of users, so jobs that a single user waits for run first. */
const alertPriority = 10

/**
 * What the verbs of this folder depend on: the log, how users are notified, and how many of them in one transaction.
 */
type AlertDeps = {
  log: Pick<Log<Transaction>, 'transact'>
  announce(
    tx: Transaction,
    entries: readonly NewEntry[],
    notices: readonly AlertNotice[],
  ): Promise<StreamHead[]>
  batch: number
}

type AlertNotice = Extract<Notice, { kind: 'alert' }> & { to: string; key: string }

const pageSize = 50

/** Parses an alert id from a `before` parameter; undefined when it is not one. */
export function parseAlertId(text: string): number | undefined {
  return /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : undefined
}

/** The newest alerts before an id, newest first, 50 a page, each with its progress. */
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

function wireAlert(row: Omit<WireAlert, 'at'> & { createdAt: Date }): WireAlert {
  const { id, title, body, createdAt, sent, done } = row
  return { id, title, body, at: createdAt.toISOString(), sent, done }
}

const batch = z.object({ alertId: z.int(), after: z.string() })

/** The durable job of this folder. */
export function alertJobs(deps: AlertDeps): JobTasks {
  return {
    'spread-alert': async (payload) => {
      const { alertId, after } = batch.parse(payload)
      await spreadAlert(deps, alertId, after)
    },
  }
}

/**
 * Notifies the next batch of users, in order of id, and enqueues the batch after it.
 *
 * The progress commits with the notifications, so a worker that is killed neither skips nor repeats anybody. A second
 * run does nothing: the alert has progressed past `after`. Users who sign up meanwhile may or may not be notified.
 */
async function spreadAlert(deps: AlertDeps, alertId: number, after: string): Promise<void> {
  await deps.log.transact(async (tx) => {
    const alert = await lockAlert(tx, alertId)
    if (!alert || alert.done || alert.lastUserId !== after) return
    const users = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM "user" WHERE id > ${after} ORDER BY id LIMIT ${deps.batch}`
    const lastUserId = users.at(-1)?.id
    if (lastUserId !== undefined) {
      const next = { alertId, after: lastUserId }
      await enqueue(tx, 'spread-alert', next, 0, alertPriority)
    }
    const { title, body } = alert
    const notice = { kind: 'alert' as const, data: { alertId, title, body }, key: `alert:${alertId}` }
    const told = await deps.announce(
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
