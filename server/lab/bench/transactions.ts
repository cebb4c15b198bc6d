import { Client } from 'pg'

/** Transactions of one database since its creation, by Postgres' own statistics; this look is not among them. */
export async function transactionsOf(databaseUrl: string): Promise<{ count: number; atMs: number }> {
  const elsewhere = Object.assign(new URL(databaseUrl), { pathname: '/postgres' }).href
  const name = new URL(databaseUrl).pathname.slice(1)
  const client = new Client({ connectionString: elsewhere })
  await client.connect()
  // A backend reports at most once a second: a transaction just before the look would be missed.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const { rows } = await client.query<{ count: string }>(
    'SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = $1',
    [name],
  )
  await client.end()
  return { count: Number(rows[0]?.count ?? 0), atMs: performance.now() }
}
