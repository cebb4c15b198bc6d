import type { Prisma } from '#prisma/generated/client.ts'

/**
 * Enqueues a durable job within `tx`: it exists when the transaction commits, and never if it does not.
 *
 * `runAt` is when it becomes due. Of those that are, the one with the lowest `priority` runs first: for a user's, that is
 * how many of theirs wait already, so that users take turns, however long the backlog of one is. A job whose task throws
 * is tried again with exponential backoff.
 */
export async function enqueue(
  tx: Pick<Prisma.TransactionClient, '$executeRaw'>,
  task: string,
  payload: Record<string, unknown>,
  runAt: Date,
  priority = 0,
): Promise<void> {
  await tx.$executeRaw`
    SELECT graphile_worker.add_job(${task}, ${JSON.stringify(payload)}::json, run_at => ${runAt}::timestamptz,
      priority => ${priority}::int)`
}
