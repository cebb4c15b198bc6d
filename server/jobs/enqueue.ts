import type { Prisma } from '#prisma/generated/client.ts'

/**
 * Enqueues a durable job within `tx`: it exists once the transaction commits, and never if it rolls back.
 *
 * It becomes due `delayMs` from now by the database's clock; returns that time. Of the jobs that are due, the one with
 * the lowest `priority` runs first: for a user's job, pass how many of theirs are waiting already, so that users take
 * turns however long one's backlog is. A job whose task throws is retried with exponential backoff.
 */
export async function enqueue(
  tx: Pick<Prisma.TransactionClient, '$queryRaw'>,
  task: string,
  payload: Record<string, unknown>,
  delayMs = 0,
  priority = 0,
): Promise<Date> {
  const [job] = await tx.$queryRaw<{ dueAt: Date }[]>`
    SELECT run_at AS "dueAt" FROM graphile_worker.add_job(${task}, ${JSON.stringify(payload)}::json,
      run_at => date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => ${delayMs}::float8 / 1000),
      priority => ${priority}::int)`
  if (!job) throw new Error(`The job "${task}" was not taken`)
  return job.dueAt
}

/** The longest delay with which graphile-worker retries a failed job: exp(10) seconds. */
const longestBackoff = '7 hours'

/**
 * Reschedules jobs that are due later than `longestDelayMs`, the longest delay of any job of ours: the database's clock
 * was set back, or the database is a copy of one whose clock was ahead. Resets the last executions of cron likewise.
 */
export async function pullInJobs(
  db: Pick<Prisma.TransactionClient, '$executeRaw'>,
  longestDelayMs: number,
): Promise<void> {
  await db.$executeRaw`
    SELECT graphile_worker.reschedule_jobs(
      ARRAY(
        SELECT id FROM graphile_worker.jobs WHERE locked_at IS NULL AND run_at > now() + CASE attempts
          WHEN 0 THEN make_interval(secs => ${longestDelayMs}::float8 / 1000) ELSE ${longestBackoff}::interval END
      ),
      run_at => now() + make_interval(secs => ${longestDelayMs}::float8 / 1000))`
  await db.$executeRaw`
    UPDATE graphile_worker._private_known_crontabs SET last_execution = NULL
    WHERE last_execution > now() + interval '1 hour'`
}
