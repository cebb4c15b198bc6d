import type { Prisma } from '#prisma/generated/client.ts'
import { instalmentMinor } from '#server/protocol/instalment.ts'
import type { WireAssessment, WireLoan } from '#server/protocol/loans.ts'
import { LoanNotFound } from './refusals.ts'

type Facts = Pick<WireLoan, 'amountMinor' | 'termMonths'> & { incomeMinor: number | null }
type Reasons = WireAssessment['reasons']

const listed = 20
const startingPoints = 50

/**
 * Points for and against a loan as of now: its instalment relative to income, and the applicant's other loans. Throws
 * `LoanNotFound`.
 */
export async function assessLoan(
  db: Pick<Prisma.TransactionClient, '$queryRaw' | 'loan'>,
  loanId: string,
): Promise<WireAssessment> {
  const loan = await db.loan.findUnique({ where: { id: loanId } })
  if (!loan) throw new LoanNotFound(`No loan ${loanId}`)
  const others = await db.loan.findMany({
    where: { applicantId: loan.applicantId, id: { not: loanId } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: listed,
  })
  const history = { loans: others.map(pastLoan), ...(await counts(db, loan.applicantId, loanId)) }
  const reasons = [...incomeReasons(loan), ...historyReasons(history)]
  return { score: scoreOf(reasons), reasons, history }
}

/** The score, from 0 to 100. */
export function scoreOf(reasons: Reasons): number {
  return Math.min(
    100,
    Math.max(
      0,
      reasons.reduce((sum, { points }) => sum + points, startingPoints),
    ),
  )
}

/** Points for the share of the income that the instalment takes. */
export function incomeReasons({ amountMinor, termMonths, incomeMinor }: Facts): Reasons {
  if (incomeMinor === null) return [{ points: -10, text: 'The applicant did not state an income.' }]
  const share = instalmentMinor(amountMinor, termMonths) / Math.max(1, incomeMinor)
  const text =
    share > 1
      ? 'The instalment exceeds the income.'
      : `The instalment takes ${Math.round(share * 100)}% of the income.`
  if (share <= 0.2) return [{ points: 30, text }]
  if (share <= 0.35) return [{ points: 10, text }]
  return [{ points: share <= 0.6 ? -20 : -40, text }]
}

/** Points for earlier loans that were repaid or declined, and for failed payments. */
export function historyReasons({
  repaid,
  declined,
  failedPayments,
}: Pick<WireAssessment['history'], 'repaid' | 'declined' | 'failedPayments'>): Reasons {
  return [
    repaid > 0 && { points: Math.min(20, 10 * repaid), text: `Repaid in full: ${repaid}.` },
    declined > 0 && { points: Math.max(-15, -5 * declined), text: `Declined before: ${declined}.` },
    failedPayments > 0 && {
      points: Math.max(-30, -10 * failedPayments),
      text: `Payments that failed: ${failedPayments}.`,
    },
  ].filter((reason) => reason !== false)
}

async function counts(db: Pick<Prisma.TransactionClient, '$queryRaw'>, applicantId: string, loanId: string) {
  const loans = await db.$queryRaw<
    { status: string; amountMinor: number; termMonths: number; paidMinor: bigint; failed: number }[]
  >`
    SELECT l.status, l."amountMinor", l."termMonths",
      coalesce(sum(p."amountMinor") FILTER (WHERE p.status = 'cleared'), 0)::bigint AS "paidMinor",
      count(p.id) FILTER (WHERE p.status = 'failed')::int AS failed
    FROM loan l LEFT JOIN payment p ON p."loanId" = l.id
    WHERE l."applicantId" = ${applicantId} AND l.id <> ${loanId} AND l.status IN ('paid-out', 'declined')
    GROUP BY l.id`
  return {
    repaid: loans.filter(
      ({ status, amountMinor, termMonths, paidMinor }) =>
        status === 'paid-out' && Number(paidMinor) >= instalmentMinor(amountMinor, termMonths) * termMonths,
    ).length,
    declined: loans.filter(({ status }) => status === 'declined').length,
    failedPayments: loans.reduce((sum, { failed }) => sum + failed, 0),
  }
}

function pastLoan({
  id,
  status,
  amountMinor,
  currency,
  purpose,
  createdAt,
}: {
  id: string
  status: string
  amountMinor: number
  currency: string
  purpose: string
  createdAt: Date
}) {
  return {
    id,
    status: status as WireLoan['status'],
    amountMinor,
    currency: currency as WireLoan['currency'],
    purpose,
    createdAt: createdAt.toISOString(),
  }
}
