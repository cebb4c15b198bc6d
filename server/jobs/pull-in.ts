import type { Prisma } from '#prisma/generated/client.ts'

/** As far as graphile-worker puts a job off that has failed: exp(10) seconds. */
const longestBackoff = '7 hours'

/**
 * Brings jobs back that are due later than any of ours is put off, `longestDelayMs`: the database's clock was set back,
 * or it is the copy of one whose clock was ahead. The times at which cron has run are treated alike.
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
