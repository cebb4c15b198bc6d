import type { Session } from '#server/accounts/session.ts'
import type { Feeds } from '#server/log/feeds.ts'
import { streamNamePattern } from '#server/protocol.ts'
import { pulseStream } from '#server/pulse/pulse.ts'
import type { Context } from './context.ts'
import { Refusal } from './problem.ts'
import { loanIdOf, mayRead } from './rights.ts'
import { sessionOf } from './signed-in.ts'

/** A stream that the caller may read, by its real name. `session` is undefined for the public one. */
export type ReadableStream = { stream: string; feeds: Feeds; session: Session | undefined }

/** What every signed-in person may read. */
const common = new Set(['feed'])

/**
 * A1: which stream a name means for this cookie. Every open and every poll asks anew. Throws 401 without a session,
 * and 404 for what does not exist and, alike, for what is not the caller's to read.
 */
export async function readableStream(
  { sessions, feeds, pulse, statuses }: Pick<Context, 'sessions' | 'feeds' | 'pulse' | 'statuses'>,
  name: string,
  cookie: string | undefined,
): Promise<ReadableStream> {
  if (!streamNamePattern.test(name)) throw new Refusal('not-found')
  if (name === pulseStream) return { stream: name, feeds: pulse.feeds, session: undefined }
  const session = await sessionOf(sessions, cookie)
  const own = { me: `user:${session.userId}`, account: `account:${session.userId}` }
  const stream = name === 'me' || name === 'account' ? own[name] : name
  if (common.has(stream) || Object.values(own).includes(stream)) return { stream, feeds, session }
  const loanId = loanIdOf(stream)
  if (loanId === undefined || !mayRead(session, await statuses.current(loanId))) {
    throw new Refusal('not-found')
  }
  return { stream, feeds, session }
}
