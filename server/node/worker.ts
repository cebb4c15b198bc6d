import { forgetOldAnswers } from '#server/database/idempotency.ts'
import { renameJobs } from '#server/domain/accounts/rename-person.ts'
import { forgetOldSessions } from '#server/domain/accounts/session-ends.ts'
import { signInJobs } from '#server/domain/accounts/sign-in-jobs.ts'
import { alertJobs } from '#server/domain/alerts/alerts.ts'
import { pullInSteps } from '#server/domain/loans/enqueue-step.ts'
import { loanJobs } from '#server/domain/loans/loan-jobs.ts'
import { forgetOldNotifications } from '#server/domain/notifications/mark-read.ts'
import { forgetOldCandles } from '#server/domain/trading/store-candles.ts'
import type { Context } from '#server/http/context.ts'
import { pullInJobs } from '#server/jobs/enqueue.ts'
import { startWorker } from '#server/jobs/worker.ts'
import { trimLog } from '#server/log/trim.ts'

/** The role `worker`: durable jobs, and scheduled trimming and deletion. */
export async function openWorker({ env, logger, database, log, bell, loanDeps }: Context) {
  const { prisma } = database
  const long = <T>(work: () => Promise<T>) => database.using('long', work)
  const pullIn = async () => {
    await pullInJobs(prisma, env.STAGE_MS.toMs)
    await pullInSteps(prisma, env.STAGE_MS.toMs)
  }
  await pullIn()
  const worker = await startWorker({
    pool: database.jobs,
    log: logger,
    tasks: {
      ...loanJobs(loanDeps),
      ...signInJobs(bell),
      ...renameJobs({ log }),
      ...alertJobs({ ...bell, batch: env.ALERT_BATCH }),
      'pull-in': pullIn,
      'trim-log': () => long(() => trimLog(prisma, env.RETENTION_EVENTS)),
      'forget-answers': () => long(() => forgetOldAnswers(prisma)),
      'forget-ends': () => long(() => forgetOldSessions(prisma)),
      'forget-candles': () => long(() => forgetOldCandles(prisma)),
      'forget-notifications': () => long(() => forgetOldNotifications(bell, prisma)),
    },
    cron: {
      'pull-in': '* * * * *',
      'trim-log': '* * * * *',
      'forget-answers': '17 * * * *',
      'forget-ends': '27 * * * *',
      'forget-candles': '7 * * * *',
      'forget-notifications': '37 * * * *',
    },
  })
  log.onEpoch(worker.restart)
  return { close: worker.stop }
}
