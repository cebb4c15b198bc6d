import { createHmac, randomUUID } from 'node:crypto'
import { connectClient } from '#server/database/client.ts'
import type { LoanApplication } from '#server/protocol/loans-schemas.ts'
import type { Role } from '#server/protocol/people.ts'
import { sessionSettings } from './session-settings.ts'

/** A signed-in user who sends requests as a program would: with a cookie, and without `Origin`. */
export type Person = {
  id: string
  email: string
  cookie: string
  /** The port of the node or proxy that requests go to. */
  port: number
  get(path: string, headers?: Record<string, string>): Promise<Response>
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** `send` by POST with a fresh `Idempotency-Key`. */
  create(path: string, body: unknown, key?: string): Promise<Response>
  /** The same session on another port: through a proxy, or at another node. */
  via(port: number): Omit<Person, 'id' | 'email'>
}

export const password = 'correct horse battery'
/** `password` as better-auth stores it; hashing it takes 0.1 s of a core. */
const passwordHash =
  '7366fe05ab27db04b4e8d73ce647d541:c98cf27563774a961d381a288b51551cffa8d3c39eb7b2fdaabdca8c88d7e89539ca77876fd201ae342d575a4a20c16dc797b59d864b6d8569c5a2619f6cbf77'
let people = 0

/** Inserts a user with a password and a session, as if signed in, without a request to the app. */
export async function signedInPerson(
  app: { port: number; databaseUrl: string; cookiePrefix?: string },
  role: Role = 'customer',
): Promise<Person> {
  people += 1
  const id = `person-${process.pid}-${people}`
  const email = `${id}@example.test`
  const token = randomUUID()
  const client = await connectClient(app.databaseUrl)
  await client.query(
    `WITH person AS (
       INSERT INTO "user" (id, name, email, role) VALUES ($1, $1, $2, $3)
     ), credential AS (
       INSERT INTO account (id, "accountId", "providerId", "userId", password) VALUES ($1, $1, 'credential', $1, $4)
     )
     INSERT INTO session (id, token, "userId", "expiresAt", "userAgent") VALUES ($5, $5, $1, now() + interval '30 days', 'node')`,
    [id, email, role, passwordHash, token],
  )
  await client.end()
  const { AUTH_SECRET, COOKIE_PREFIX } = sessionSettings
  const signature = createHmac('sha256', AUTH_SECRET).update(token).digest('base64')
  const cookie = `${app.cookiePrefix ?? COOKIE_PREFIX}.session_token=${encodeURIComponent(`${token}.${signature}`)}`
  return { id, email, ...asker(app.port, cookie) }
}

/** Another session of an existing user, by signing in over HTTP. */
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
