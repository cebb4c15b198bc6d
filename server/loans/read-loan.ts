import { Prisma } from '#prisma/generated/client.ts'
import { formatCursor } from '#server/log/log.ts'
import type { LoanStatus, PaymentStatus, WireLoan, WirePayment, WireStage } from '#server/protocol.ts'
import { instalmentMinor } from './instalment.ts'

/** A loan as of one snapshot. `dueAtMs` is when its next automatic step is due, the soonest payment's included. */
export type LoanSnapshot = { loan: WireLoan; seq: number; dueAtMs: number | undefined }

export type Reader = Pick<Prisma.TransactionClient, '$queryRaw'>

/** Reads a loan with its stages, payments and stream position in one snapshot. */
export async function readLoan(db: Reader, epoch: string, id: string): Promise<LoanSnapshot | undefined> {
  const [row] = await selectLoans(db, Prisma.sql`WHERE l.id = ${id}`)
  return row && snapshotOf(row, epoch)
}

/** The loans that `which` (WHERE, ORDER BY, LIMIT over `loan l`) names: one statement, hence one snapshot. */
export function selectLoans(db: Reader, which: Prisma.Sql): Promise<LoanRow[]> {
  return db.$queryRaw<LoanRow[]>`
    SELECT l.id, l.status, l."amountMinor", l.currency, l.purpose, l."termMonths", l."createdAt", l."dueAt",
      u.id AS "applicantId", u.name AS "applicantName", u.handle AS "applicantHandle", coalesce(h.seq, 0) AS seq,
      (SELECT coalesce(json_agg(json_build_object('status', s.status, 'at', s.at, 'note', s.note)
          ORDER BY s.id), '[]')
        FROM loan_stage s WHERE s."loanId" = l.id) AS stages,
      (SELECT coalesce(json_agg(json_build_object('id', p.id, 'status', p.status, 'amountMinor', p."amountMinor",
          'createdAt', p."createdAt", 'failure', p.failure, 'seq', p.seq, 'dueAt', p."dueAt")
          ORDER BY p."createdAt" DESC, p.id), '[]')
        FROM payment p WHERE p."loanId" = l.id) AS payments
    FROM loan l JOIN "user" u ON u.id = l."applicantId" LEFT JOIN log_head h ON h.stream = 'loan:' || l.id
    ${which}`
}

export type LoanRow = {
  id: string
  status: LoanStatus
  amountMinor: number
  currency: WireLoan['currency']
  purpose: string
  termMonths: number
  createdAt: Date
  dueAt: Date | null
  applicantId: string
  applicantName: string
  applicantHandle: string
  seq: bigint
  stages: { status: LoanStatus; at: string; note: string | null }[]
  payments: PaymentRow[]
}

type PaymentRow = {
  id: string
  status: PaymentStatus
  amountMinor: number
  createdAt: string
  failure: string | null
  seq: number
  dueAt: string | null
}

export function snapshotOf(row: LoanRow, epoch: string): LoanSnapshot {
  const seq = Number(row.seq)
  const instalment = instalmentMinor(row.amountMinor, row.termMonths)
  const paid = row.payments.reduce((sum, p) => sum + (p.status === 'failed' ? 0 : p.amountMinor), 0)
  const due = [row.dueAt, ...row.payments.map((p) => p.dueAt)].flatMap((at) =>
    at === null ? [] : [new Date(at).getTime()],
  )
  const loan: WireLoan = {
    id: row.id,
    status: row.status,
    amountMinor: row.amountMinor,
    currency: row.currency,
    purpose: row.purpose,
    termMonths: row.termMonths,
    instalmentMinor: instalment,
    outstandingMinor: Math.max(0, instalment * row.termMonths - paid),
    applicant: { id: row.applicantId, name: row.applicantName, handle: row.applicantHandle },
    createdAt: row.createdAt.toISOString(),
    stages: row.stages.map(stage),
    payments: row.payments.map((p) => payment(p, row.id, epoch)),
    cursor: formatCursor({ epoch, seq }),
  }
  return { loan, seq, dueAtMs: due.length > 0 ? Math.min(...due) : undefined }
}

function stage({ status, at, note }: LoanRow['stages'][number]): WireStage {
  const atIso = new Date(at).toISOString()
  return note === null ? { status, at: atIso } : { status, at: atIso, note }
}

function payment(row: PaymentRow, loanId: string, epoch: string): WirePayment {
  const { id, status, amountMinor, failure, seq } = row
  const createdAt = new Date(row.createdAt).toISOString()
  const cursor = formatCursor({ epoch, seq })
  return { id, loanId, status, amountMinor, createdAt, ...(failure === null ? {} : { failure }), cursor }
}
