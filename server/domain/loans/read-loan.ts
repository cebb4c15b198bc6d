import { Prisma } from '#prisma/generated/client.ts'
import { formatCursor } from '#server/log/log.ts'
import { instalmentMinor } from '#server/protocol/instalment.ts'
import {
  finalPaymentStatuses,
  type LoanStatus,
  type PaymentStatus,
  type WireLoan,
  type WirePayment,
  type WirePaymentList,
  type WireStage,
} from '#server/protocol/loans.ts'
import type { Person } from '#server/protocol/people.ts'
import { LoanNotFound } from './refusals.ts'

/**
 * A loan as of one snapshot. `dueAtMs` is when the next automatic step of the loan or of a payment is due; `settled`
 * means that none of its payments is in flight.
 */
export type LoanSnapshot = { loan: WireLoan; seq: number; dueAtMs: number | undefined; settled: boolean }

export type Reader = Pick<Prisma.TransactionClient, '$queryRaw'>

/** How many of its newest payments a loan includes; `paymentsNextBefore` leads to the others. */
const paymentsOfOne = 50

/** Reads loans with their stages, newest payments and stream heads in one snapshot. */
export async function readLoans(db: Reader, epoch: string, ids: readonly string[]): Promise<LoanSnapshot[]> {
  const rows = await selectLoans(db, Prisma.sql`WHERE l.id = ANY(${ids}::text[])`, paymentsOfOne)
  return rows.map((row) => snapshotOf(row, epoch, paymentsOfOne))
}

/** Reads one loan in the same way; undefined when there is no such loan. */
export async function readLoan(db: Reader, epoch: string, id: string): Promise<LoanSnapshot | undefined> {
  const [found] = await readLoans(db, epoch, [id])
  return found
}

/** The same of a loan whose row is locked, as a verb returns it. Throws `LoanNotFound`. */
export async function existingLoan(db: Reader, epoch: string, id: string): Promise<WireLoan> {
  const found = await readLoan(db, epoch, id)
  if (!found) throw new LoanNotFound(`No loan ${id}`)
  return found.loan
}

/**
 * Selects the loans that `which` (WHERE, ORDER BY, LIMIT over `loan l`) matches, each with up to `payments` + 1 of its
 * payments: one statement, hence one snapshot.
 */
export function selectLoans(db: Reader, which: Prisma.Sql, payments: number): Promise<LoanRow[]> {
  return db.$queryRaw<LoanRow[]>`
    SELECT l.id, l.status, l."amountMinor", l.currency, l.purpose, l."termMonths", l."incomeMinor", l."createdAt", l."dueAt",
      u.id AS "applicantId", u.name AS "applicantName", u.handle AS "applicantHandle",
      CASE WHEN o.id IS NOT NULL THEN json_build_object('id', o.id, 'name', o.name, 'handle', o.handle) END AS officer,
      coalesce(h.seq, 0) AS seq,
      (SELECT coalesce(json_agg(json_build_object('status', s.status, 'at', s.at, 'note', s.note)
          ORDER BY s.id), '[]')
        FROM loan_stage s WHERE s."loanId" = l.id) AS stages,
      (SELECT coalesce(json_agg(json_build_object('id', p.id, 'status', p.status, 'amountMinor', p."amountMinor",
          'createdAt', p."createdAt", 'failure', p.failure, 'seq', p.seq)
          ORDER BY p."createdAt" DESC, p.id DESC), '[]')
        FROM (
          SELECT * FROM payment WHERE "loanId" = l.id ORDER BY "createdAt" DESC, id DESC LIMIT ${payments + 1}
        ) p) AS payments,
      paid.minor AS "paidMinor", paid."dueAt" AS "paymentDueAt", paid.settled
    FROM loan l JOIN "user" u ON u.id = l."applicantId" LEFT JOIN "user" o ON o.id = l."officerId"
    LEFT JOIN log_head h ON h.stream = 'loan:' || l.id
    LEFT JOIN LATERAL (
      SELECT coalesce(sum("amountMinor") FILTER (WHERE status <> 'failed'), 0)::bigint AS minor, min("dueAt") AS "dueAt",
        coalesce(bool_and(status = ANY(${[...finalPaymentStatuses]}::text[])), true) AS settled
      FROM payment WHERE "loanId" = l.id
    ) paid ON true
    ${which}`
}

type LoanRow = {
  id: string
  status: LoanStatus
  amountMinor: number
  currency: WireLoan['currency']
  purpose: string
  termMonths: number
  incomeMinor: number | null
  createdAt: Date
  dueAt: Date | null
  applicantId: string
  applicantName: string
  applicantHandle: string
  officer: Person | null
  seq: bigint
  stages: { status: LoanStatus; at: string; note: string | null }[]
  payments: PaymentRow[]
  paidMinor: bigint
  paymentDueAt: Date | null
  settled: boolean
}

export type PaymentRow = {
  id: string
  status: PaymentStatus
  amountMinor: number
  createdAt: string | Date
  failure: string | null
  seq: number | bigint
}

export function snapshotOf(row: LoanRow, epoch: string, payments: number): LoanSnapshot {
  const seq = Number(row.seq)
  const instalment = instalmentMinor(row.amountMinor, row.termMonths)
  const due = [row.dueAt, row.paymentDueAt].flatMap((at) => (at === null ? [] : [at.getTime()]))
  const newest = pageOfPayments(row.payments, row.id, epoch, payments)
  const loan: WireLoan = {
    id: row.id,
    status: row.status,
    amountMinor: row.amountMinor,
    currency: row.currency,
    purpose: row.purpose,
    termMonths: row.termMonths,
    ...(row.incomeMinor !== null && { incomeMinor: row.incomeMinor }),
    instalmentMinor: instalment,
    outstandingMinor: Math.max(0, instalment * row.termMonths - Number(row.paidMinor)),
    applicant: { id: row.applicantId, name: row.applicantName, handle: row.applicantHandle },
    ...(row.officer && { officer: row.officer }),
    createdAt: row.createdAt.toISOString(),
    stages: row.stages.map(stage),
    payments: newest.items,
    ...(newest.nextBefore !== null && { paymentsNextBefore: newest.nextBefore }),
    cursor: formatCursor({ epoch, seq }),
  }
  return { loan, seq, dueAtMs: due.length > 0 ? Math.min(...due) : undefined, settled: row.settled }
}

function stage({ status, at, note }: LoanRow['stages'][number]): WireStage {
  const atIso = new Date(at).toISOString()
  return note === null ? { status, at: atIso } : { status, at: atIso, note }
}

export function wirePayment(row: PaymentRow, loanId: string, epoch: string): WirePayment {
  const { id, status, amountMinor, failure, seq } = row
  const createdAt = new Date(row.createdAt).toISOString()
  const cursor = formatCursor({ epoch, seq: Number(seq) })
  return { id, loanId, status, amountMinor, createdAt, ...(failure === null ? {} : { failure }), cursor }
}

/** A page of `rows`, which has one row more than `size` when another page follows. */
export function pageOfPayments(
  rows: readonly PaymentRow[],
  loanId: string,
  epoch: string,
  size: number,
): WirePaymentList {
  const items = rows.slice(0, size).map((row) => wirePayment(row, loanId, epoch))
  const last = items.at(-1)
  const more = rows.length > size && last !== undefined
  return { items, nextBefore: more ? `${Date.parse(last.createdAt)}_${last.id}` : null }
}
