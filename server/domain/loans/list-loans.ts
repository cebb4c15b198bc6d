import { Prisma } from '#prisma/generated/client.ts'
import { findPeople } from '#server/domain/people.ts'
import type { LoanStatus, WireLoanList } from '#server/protocol/loans.ts'
import { type Reader, selectLoans, snapshotOf } from './read-loan.ts'

const pageSize = 20
/** Per loan in a list. */
const newestPayments = 10

/** Filters of the list, and where the page starts (a `nextBefore` of an earlier page). */
type LoanQuery = {
  applicantId?: string
  /**
   * A prefix of an id, of an applicant's handle, or of a word of their name (the first eight matching applicants
   * count).
   */
  search?: string
  status?: LoanStatus
  before?: { createdAtMs: number; id: string }
}

const beforePattern = /^([0-9]{1,15})_(L-[0-9A-Z]{10})$/

/** Parses a `before` parameter; undefined when it is malformed. */
export function parseBefore(text: string): LoanQuery['before'] {
  const match = beforePattern.exec(text)
  return match?.[1] && match[2] ? { createdAtMs: Number(match[1]), id: match[2] } : undefined
}

/** Loans newest first, 20 a page. A list is a snapshot; each item's `cursor` continues that loan. */
export async function listLoans(
  db: Reader & Pick<Prisma.TransactionClient, 'user'>,
  epoch: string,
  query: LoanQuery,
): Promise<WireLoanList> {
  const { applicantId, search, status, before } = query
  const conditions = [
    Prisma.sql`true`,
    ...(applicantId === undefined ? [] : [Prisma.sql`l."applicantId" = ${applicantId}`]),
    ...(search === undefined ? [] : [await matching(db, search)]),
    ...(status === undefined ? [] : [Prisma.sql`l.status = ${status}`]),
    ...(before === undefined
      ? []
      : [Prisma.sql`(l."createdAt", l.id) < (${new Date(before.createdAtMs)}, ${before.id})`]),
  ]
  const rows = await selectLoans(
    db,
    Prisma.sql`WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY l."createdAt" DESC, l.id DESC LIMIT ${pageSize + 1}`,
    newestPayments,
  )
  const items = rows.slice(0, pageSize).map((row) => snapshotOf(row, epoch, newestPayments).loan)
  const last = items.at(-1)
  const more = rows.length > pageSize && last !== undefined
  return { items, nextBefore: more ? `${Date.parse(last.createdAt)}_${last.id}` : null }
}

async function matching(db: Pick<Prisma.TransactionClient, 'user'>, search: string): Promise<Prisma.Sql> {
  const { items } = await findPeople(db, search)
  const ids = items.map(({ id }) => id)
  return Prisma.sql`(l."applicantId" = ANY(${ids}::text[]) OR starts_with(l.id, ${search.toUpperCase()}))`
}
