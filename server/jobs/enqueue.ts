import type { Prisma } from '#prisma/generated/client.ts'

/**
 * Enqueues a durable job within `tx`: it exists when the transaction commits, and never if it does not.
 *
 * `runAt` is when it becomes due. A job whose task throws is tried again with exponential backoff.
 */
export async function enqueue(
  tx: Pick<Prisma.TransactionClient, '$executeRaw'>,
  task: string,
  payload: Record<string, unknown>,
  runAt: Date,
): Promise<void> {
  await tx.$executeRaw`
    SELECT graphile_worker.add_job(${task}, ${JSON.stringify(payload)}::json, run_at => ${runAt}::timestamptz)`
}
