import type { Prisma } from '#prisma/generated/client.ts'
import type { LoadMany } from '#server/database/load-many.ts'

export type SessionRow = {
  id: string
  token: string
  expiresAt: Date
  userId: string
  name: string
  email: string
  role: string
}

/** Loads the sessions of many tokens with their users; those that have expired by the database's clock are omitted. */
export function sessionLoader(db: Pick<Prisma.TransactionClient, '$queryRaw'>): LoadMany<string, SessionRow> {
  return async (tokens) => {
    const rows = await db.$queryRaw<SessionRow[]>`
      SELECT s.id, s.token, s."expiresAt", u.id AS "userId", u.name, u.email, u.role
      FROM session s JOIN "user" u ON u.id = s."userId"
      WHERE s.token = ANY(${tokens}::text[]) AND s."expiresAt" > now()`
    return new Map(rows.map((row) => [row.token, row]))
  }
}
