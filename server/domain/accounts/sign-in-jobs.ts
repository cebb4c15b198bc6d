import { z } from 'zod'
import type { JobTasks } from '#server/jobs/worker.ts'
import type { Log, NewEntry, StreamHead } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import { deviceName } from '#server/protocol/browser-name.ts'
import type { Notice } from '#server/protocol/notifications.ts'

/** What the job depends on: the log, and how users are notified. */
type SignInDeps = {
  log: Pick<Log<Transaction>, 'transact'>
  announce(
    tx: Transaction,
    entries: readonly NewEntry[],
    notices: readonly SignInNotice[],
  ): Promise<StreamHead[]>
}

type SignInNotice = Extract<Notice, { kind: 'sign-in' }> & { to: string; key: string }

const signIn = z.object({ sessionId: z.string(), userId: z.string(), userAgent: z.string() })

/** The durable job of this folder. A trigger enqueues one for each new session, in the transaction that inserts it. */
export function signInJobs(deps: SignInDeps): JobTasks {
  return {
    'notice-sign-in': async (payload) => {
      const { sessionId, userId, userAgent } = signIn.parse(payload)
      await noticeSignIn(deps, sessionId, userId, deviceName(userAgent))
    },
  }
}

/** Notifies a user of a sign-in from a new device, except the first device. Safe to repeat. */
async function noticeSignIn(deps: SignInDeps, sessionId: string, userId: string, device: string) {
  await deps.log.transact(async (tx) => {
    const user = await tx.user.findUnique({
      where: { id: userId },
      select: { _count: { select: { devices: true } } },
    })
    if (!user) return
    const { count } = await tx.knownDevice.createMany({ data: { userId, device }, skipDuplicates: true })
    if (count === 0 || user._count.devices === 0) return
    await deps.announce(
      tx,
      [],
      [{ kind: 'sign-in', data: { device }, to: userId, key: `sign-in:${sessionId}` }],
    )
  }, `user:${userId}`)
}
