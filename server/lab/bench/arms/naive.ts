/** The naive arm: asks the database each time, for the session and for the loan, as most first versions do. */
import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })

createServer({ keepAliveTimeout: 65_000 }, async (request, response) => {
  if (request.url === '/healthz') return response.end('ok')
  const token = /session_token=([^.]+)\./.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const session = await pool.query(
    'SELECT u.id FROM session s JOIN "user" u ON u.id = s."userId" WHERE s.token = $1 AND s."expiresAt" > now()',
    [token],
  )
  const id = request.url?.split('/').at(-1) ?? ''
  const loan = await pool.query(
    `SELECT l.*, (SELECT json_agg(s) FROM loan_stage s WHERE s."loanId" = l.id) AS stages,
      (SELECT json_agg(p) FROM payment p WHERE p."loanId" = l.id) AS payments
     FROM loan l WHERE l.id = $1 AND l."applicantId" = $2`,
    [id, session.rows[0]?.id],
  )
  const body = JSON.stringify(loan.rows[0])
  const etag = `"${Buffer.byteLength(body)}"`
  const known = request.headers['if-none-match'] === etag
  response.writeHead(known ? 304 : 200, { etag, 'content-length': known ? 0 : Buffer.byteLength(body) })
  response.end(known ? undefined : body)
}).listen(Number(process.env.PORT), '127.0.0.1')
