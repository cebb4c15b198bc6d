import { hashPassword } from 'better-auth/crypto'
import { connectClient } from '#server/database/client.ts'
import type { LoanApplication } from '#server/protocol/loans.ts'
import type { Role } from '#server/protocol/people.ts'

/** Somebody with a session, who asks as a program would: a cookie, and no `Origin`. */
export type Person = {
  id: string
  email: string
  cookie: string
  /** Of the node, or the proxy, that this person asks. */
  port: number
  get(path: string, headers?: Record<string, string>): Promise<Response>
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** `send` by POST with a fresh `Idempotency-Key`. */
  create(path: string, body: unknown, key?: string): Promise<Response>
  /** The same session over another port: through a proxy, or at another node. */
  via(port: number): Omit<Person, 'id' | 'email'>
}

export const password = 'correct horse battery'
let people = 0
let hash: Promise<string> | undefined

/** Adds a user to the database and signs in over HTTP. */
export async function signedInPerson(
  app: { port: number; databaseUrl: string },
  role: Role = 'customer',
): Promise<Person> {
  people += 1
  const id = `person-${process.pid}-${people}`
  const email = `${id}@example.test`
  hash ??= hashPassword(password)
  const client = await connectClient(app.databaseUrl)
  await client.query('INSERT INTO "user" (id, name, email, role) VALUES ($1, $2, $3, $4)', [
    id,
    id,
    email,
    role,
  ])
  await client.query(
    `INSERT INTO account (id, "accountId", "providerId", "userId", password) VALUES ($1, $1, 'credential', $1, $2)`,
    [id, await hash],
  )
  await client.end()
  return { id, email, ...(await signIn(app.port, email)) }
}

/** Another session of somebody who is there. */
export async function signIn(port: number, email: string): Promise<Omit<Person, 'id' | 'email'>> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  if (!answer.ok) throw new Error(`Could not sign in: ${answer.status} ${await answer.text()}`)
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  return asker(port, cookie)
}

function asker(port: number, cookie: string): Omit<Person, 'id' | 'email'> {
  const send: Person['send'] = (method, path, body, headers = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  return {
    cookie,
    port,
    via: (other) => asker(other, cookie),
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    create: (path, body, key = crypto.randomUUID()) => send('POST', path, body, { 'idempotency-key': key }),
  }
}

export const application: LoanApplication = {
  amountMinor: 1_850_000,
  currency: 'EUR',
  purpose: 'a heat pump',
  termMonths: 36,
}
