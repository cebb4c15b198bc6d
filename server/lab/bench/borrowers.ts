import { createHmac } from 'node:crypto'
import { Client } from 'pg'

/** Somebody who polls a loan of their own: its path, and a session of their own, as cookie and as headers. */
export type Borrower = { userId: string; loanId: string; cookie: string; headers: string }

/**
 * Writes `count` people with a session and a loan under review each, straight into the database: signing in ten
 * thousand times would measure the password hash.
 */
export async function writeBorrowers(
  databaseUrl: string,
  secret: string,
  count: number,
): Promise<Borrower[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(`
    INSERT INTO "user" (id, name, email, role)
      SELECT 'bench-' || n, 'Bench ' || n, 'bench-' || n || '@example.test', 'officer' FROM generate_series(1, ${count}) n;
    INSERT INTO session (id, token, "userId", "expiresAt")
      SELECT 'bench-' || n, 'benchtoken' || n, 'bench-' || n, now() + interval '1 day' FROM generate_series(1, ${count}) n;
    INSERT INTO loan (id, "applicantId", status, "amountMinor", currency, purpose, "termMonths")
      SELECT 'L-' || lpad(n::text, 10, '0'), 'bench-' || n, 'under-review', 1850000, 'EUR', 'a heat pump', 36
      FROM generate_series(1, ${count}) n;
    INSERT INTO loan_stage ("loanId", status, at)
      SELECT 'L-' || lpad(n::text, 10, '0'), status, now() FROM generate_series(1, ${count}) n,
        unnest(ARRAY['submitted', 'verifying', 'credit-check', 'under-review']) status;
    INSERT INTO log_head (stream, seq) SELECT 'loan:L-' || lpad(n::text, 10, '0'), 4 FROM generate_series(1, ${count}) n;
    INSERT INTO log_entry (stream, seq, type, data)
      SELECT 'loan:L-' || lpad(n::text, 10, '0'), s, 'loan.bench', '{}' FROM generate_series(1, ${count}) n, generate_series(1, 4) s;
    ANALYZE;`)
  await client.end()
  return Array.from({ length: count }, (_, index) => {
    const token = `benchtoken${index + 1}`
    const signature = createHmac('sha256', secret).update(token).digest('base64')
    const cookie = `bench.session_token=${encodeURIComponent(`${token}.${signature}`)}`
    return {
      userId: `bench-${index + 1}`,
      loanId: `L-${String(index + 1).padStart(10, '0')}`,
      cookie,
      headers: `cookie: ${cookie}\r\n`,
    }
  })
}
