import { z } from 'zod'
import { pageFetch } from '#components/live/page-viewer.ts'
import { readProblem } from '#components/live/request.ts'
import type { Problem } from '#server/protocol/problems.ts'

/** A session as better-auth returns it; `token` identifies it for revoking. */
const sessionSchema = z.object({
  id: z.string(),
  token: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  ipAddress: z.string().nullish(),
  userAgent: z.string().nullish(),
})
export type SessionRow = z.infer<typeof sessionSchema> & { current: boolean }

/** The server refused, or did not respond; in that case there is no problem to show. */
export class SessionsUnavailable extends Error {
  override name = 'SessionsUnavailable'
  readonly problem: Problem | undefined

  constructor(problem?: Problem) {
    super(problem?.title ?? 'The server didn’t respond')
    this.problem = problem
  }
}

/** The signed-in user's sessions, this browser's first, then the newest. Throws `SessionsUnavailable`. */
export async function loadSessions(): Promise<SessionRow[]> {
  const [list, own] = await Promise.all([call('list-sessions'), call('get-session')])
  const ownId = z.object({ session: z.object({ id: z.string() }) }).safeParse(own).data?.session.id
  return z
    .array(sessionSchema)
    .parse(list)
    .map((session) => ({ ...session, current: session.id === ownId }))
    .sort((a, b) => Number(b.current) - Number(a.current) || b.createdAt.localeCompare(a.createdAt))
}

/** Ends one session; on success its open connections are being closed. Throws `SessionsUnavailable`. */
export async function revokeSession({ token }: SessionRow): Promise<void> {
  await call('revoke-session', { token })
}

/** Ends every session except this browser's. Throws `SessionsUnavailable`. */
export async function revokeOtherSessions(): Promise<void> {
  await call('revoke-other-sessions', {})
}

async function call(action: string, body?: object): Promise<unknown> {
  const response = await send(`/api/auth/${action}`, body)
  if (!response.ok) throw new SessionsUnavailable(await readProblem(response))
  return response.json()
}

async function send(url: string, body: object | undefined): Promise<Response> {
  const post = body && {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }
  try {
    return await pageFetch(url, { cache: 'no-store', ...post })
  } catch {
    throw new SessionsUnavailable()
  }
}
