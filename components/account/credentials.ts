import { readProblem, retryAfterMs } from '#components/live/request.ts'
import type { Role } from '#server/protocol/people.ts'
import type { Problem } from '#server/protocol/problems.ts'

export type Mode = 'sign-in' | 'sign-up'
export type Credentials = { email: string; password: string; name?: string }
type FieldName = 'name' | 'email' | 'password'

/** Why the server refused a sign-in: for a field, or for the whole form. */
export type Refused = {
  fields: Partial<Record<FieldName, string>>
  summary?: string
  /** Epoch ms before which retrying is pointless. */
  retryAtMs?: number
  requestId?: string
}

const unanswered = {
  'sign-in': 'The server didn’t respond. Try again.',
  'sign-up':
    'The server didn’t respond, so your account may already exist. Try signing in, or sign up again.',
} as const satisfies Record<Mode, string>

/** Signs in or up. On success the cookie is set. Never rejects. */
export async function sendCredentials(
  mode: Mode,
  credentials: Credentials,
): Promise<{ role: Role } | { refused: Refused }> {
  try {
    const response = await fetch(`/api/auth/${mode}/email`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(credentials),
    })
    if (response.ok) {
      const { user } = (await response.json()) as { user: { role?: Role } }
      return { role: user.role ?? 'customer' }
    }
    const adviceMs = retryAfterMs(response.headers, Date.now())
    return { refused: refusedBy(await readProblem(response), adviceMs) }
  } catch {
    // Without a response there is no reason to quote.
    return { refused: { fields: {}, summary: unanswered[mode] } }
  }
}

/** A problem in the words of this form. `adviceMs` is the server's `Retry-After`. */
export function refusedBy(
  problem: Problem & { code?: string },
  adviceMs: number | undefined,
  nowMs = Date.now(),
): Refused {
  const { status, code, errors, requestId } = problem
  const retryAtMs = adviceMs === undefined ? undefined : nowMs + adviceMs
  if (status === 401) return { fields: { password: 'That email and password don’t match.' } }
  if (code?.startsWith('USER_ALREADY_EXISTS')) {
    return { fields: { email: 'An account with this email already exists. Sign in instead.' } }
  }
  if (errors) return { fields: Object.fromEntries(errors.map(atField)), requestId }
  if (status === 429)
    return { fields: {}, summary: 'Too many attempts from this address.', retryAtMs, requestId }
  if (status === 503) {
    return { fields: {}, summary: 'The server can’t reach its database.', retryAtMs, requestId }
  }
  return { fields: {}, summary: `${problem.detail ?? problem.title}.`, requestId }
}

function atField({ pointer, detail }: { pointer: string; detail: string }): [string, string] {
  return [pointer.slice(1), `${detail}.`]
}
