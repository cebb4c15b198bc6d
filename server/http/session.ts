import type { FastifyRequest } from 'fastify'
import type { Session } from '#server/domain/accounts/session.ts'
import type { Sessions } from '#server/domain/accounts/sessions.ts'
import type { Role } from '#server/protocol/people.ts'
import { Refusal } from './problem.ts'

/** The session of a request, also set on it for the logs and the wire drawer. Throws 401 without one. */
export async function signedIn(sessions: Sessions, request: FastifyRequest): Promise<Session> {
  const session = await sessionOf(sessions, request.headers.cookie)
  request.session = session
  return session
}

/** The session of a `Cookie` header. Throws 401 without one. */
export async function sessionOf(sessions: Sessions, cookie: string | undefined): Promise<Session> {
  const session = sessions.known(cookie) ?? (await sessions.find(cookie))
  if (!session) throw new Refusal('unauthenticated', 'No session, or it has ended')
  return session
}

/** Throws 403 unless the session has the role. */
export function assertRole(role: Role, session: Session): void {
  if (session.role !== role) throw new Refusal('forbidden', `Only an ${role} can do that`)
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** It creates a session, so a page of any viewer may send it. */
    forAnyViewer?: boolean
  }
}

/** The headers that identify a request's session, and the viewer of the page that sent it. */
export type ViewerHeaders = {
  readonly cookie?: string | undefined
  readonly 'x-viewer'?: string | string[] | undefined
}

/** A4: throws 409 when the page that sent the request (`X-Viewer`) belongs to another user than the one signed in. */
export async function checkViewer(sessions: Sessions, headers: ViewerHeaders): Promise<void> {
  const viewer = headers['x-viewer']
  if (viewer === undefined) return
  const session = sessions.known(headers.cookie) ?? (await sessions.find(headers.cookie))
  if (session) assertViewer(session, viewer)
}

/** Throws 409 unless the session belongs to `viewer`, a user id as sent. */
export function assertViewer({ userId }: Session, viewer: string | string[]): void {
  if (viewer === userId) return
  const detail = 'This page belongs to somebody else than the user who is signed in now'
  throw new Refusal('conflict', detail, { members: { viewer: userId } })
}
