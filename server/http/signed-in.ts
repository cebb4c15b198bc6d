import type { FastifyRequest } from 'fastify'
import type { Session } from '#server/domain/accounts/session.ts'
import type { Sessions } from '#server/domain/accounts/sessions.ts'
import type { Role } from '#server/protocol/protocol.ts'
import { Refusal } from './problem.ts'

/** The session of a request, noted on it for the logs and the wire drawer. Throws 401 without one. */
export async function signedIn(sessions: Sessions, request: FastifyRequest): Promise<Session> {
  const session = await sessionOf(sessions, request.headers.cookie)
  request.session = session
  return session
}

/** The session of a `Cookie` header. Throws 401 without one. */
export async function sessionOf(sessions: Sessions, cookie: string | undefined): Promise<Session> {
  const session = sessions.known(cookie) ?? (await sessions.find(cookie))
  if (!session) throw new Refusal('unauthenticated', 'There is no session, or it has ended')
  return session
}

/** Throws 403 unless the session has the role. */
export function mustBe(role: Role, session: Session): void {
  if (session.role !== role) throw new Refusal('forbidden', `Only an ${role} may do that`)
}
