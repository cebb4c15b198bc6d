import { Prisma } from '#prisma/generated/client.ts'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { LoanStatus, PaymentStatus } from '#server/protocol/loans.ts'

/** Beyond this many waiting steps, all of a user's further steps get the same, lowest priority. */
const mostCounted = 100

/**
 * Enqueues the step that takes a loan out of `from`, behind those of its applicant that already wait. Returns when it
 * is due.
 */
export async function enqueueLoanStep(
  tx: Transaction,
  { loanId, applicantId }: { loanId: string; applicantId: string },
  from: LoanStatus,
  delayMs: number,
): Promise<Date> {
  const priority = await waitingSteps(tx, applicantId, { loanId })
  return enqueue(tx, 'advance-loan', { loanId, from }, delayMs, priority)
}

/** The same for a payment, whose payer is the loan's applicant. */
export async function enqueuePaymentStep(
  tx: Transaction,
  { paymentId, loanId, applicantId }: { paymentId: string; loanId: string; applicantId: string },
  from: PaymentStatus,
  delayMs: number,
): Promise<Date> {
  const priority = await waitingSteps(tx, applicantId, { paymentId })
  return enqueue(tx, 'advance-payment', { paymentId, loanId, from }, delayMs, priority)
}

/** How many other loans and payments of a user have a step due, up to `mostCounted`. */
async function waitingSteps(
  tx: Transaction,
  applicantId: string,
  { loanId = '', paymentId = '' }: { loanId?: string; paymentId?: string },
): Promise<number> {
  const [waiting] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT FROM loan WHERE "applicantId" = ${applicantId} AND "dueAt" IS NOT NULL AND id <> ${loanId}
      UNION ALL
      SELECT FROM payment p JOIN loan l ON l.id = p."loanId"
      WHERE l."applicantId" = ${applicantId} AND p."dueAt" IS NOT NULL AND p.id <> ${paymentId}
      LIMIT ${mostCounted}
    ) step`
  return waiting?.count ?? 0
}

/**
 * Moves the announced time of each next step up to at most `longestMs` from now, as is done for the jobs that take it.
 */
export async function pullInSteps(
  db: Pick<Prisma.TransactionClient, '$executeRaw'>,
  longestMs: number,
): Promise<void> {
  const longest = Prisma.sql`make_interval(secs => ${longestMs}::float8 / 1000)`
  await db.$executeRaw`UPDATE loan SET "dueAt" = now() + ${longest} WHERE "dueAt" > now() + ${longest}`
  await db.$executeRaw`UPDATE payment SET "dueAt" = now() + ${longest} WHERE "dueAt" > now() + ${longest}`
}
