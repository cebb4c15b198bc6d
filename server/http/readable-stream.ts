import type { Session } from '#server/domain/accounts/session.ts'
import { roomIdOf } from '#server/domain/chat/chat-deps.ts'
import { pulseStream } from '#server/domain/pulse/pulse.ts'
import type { Feeds } from '#server/log/feeds.ts'
import type { IsLast } from '#server/log/following.ts'
import { streamNamePattern } from '#server/protocol/protocol.ts'
import type { Context } from './context.ts'
import { Refusal } from './problem.ts'
import { loanIdOf, mayRead } from './rights.ts'
import { endOfRoom } from './room-rights.ts'
import { sessionOf } from './signed-in.ts'

/**
 * A stream that the caller may read, by its real name. `session` is undefined for the public one. `isLast` tells the
 * entry with which the right to it ends: one after the seq at which the right was found, for history may hold an end
 * that was followed by a return.
 */
export type ReadableStream = {
  stream: string
  feeds: Feeds
  session: Session | undefined
  isLast?: IsLast
}
type Parts = Pick<Context, 'env' | 'feeds' | 'pulse' | 'runs' | 'statuses' | 'memberships'>

/** What every signed-in person may read. */
const common = new Set(['feed'])

/**
 * A1: which stream a name means for this cookie. Every open and every poll asks anew. Throws 401 without a session,
 * and 404 for what does not exist and, alike, for what is not the caller's to read. The pulse and the runs of the lab
 * that this process plays are everybody's.
 */
export async function readableStream(
  parts: Parts & Pick<Context, 'sessions'>,
  name: string,
  cookie: string | undefined,
): Promise<ReadableStream> {
  if (!streamNamePattern.test(name)) throw new Refusal('not-found')
  if (name === pulseStream) return { stream: name, feeds: parts.pulse.feeds, session: undefined }
  const ofRun = parts.runs.feedsOf(name)
  if (ofRun) return { stream: name, feeds: ofRun, session: undefined }
  if (isOfLab(name) && !parts.env.LAB) throw new Refusal('not-found')
  return streamOf(parts, name, await sessionOf(parts.sessions, cookie))
}

/** The same for a session that is known, as that of an open socket is. */
export async function streamOf(parts: Parts, name: string, session: Session): Promise<ReadableStream> {
  const { env, feeds, pulse, runs, statuses } = parts
  if (!streamNamePattern.test(name)) throw new Refusal('not-found')
  if (name === pulseStream) return { stream: name, feeds: pulse.feeds, session }
  const ofRun = runs.feedsOf(name)
  if (ofRun) return { stream: name, feeds: ofRun, session }
  const own = { me: `user:${session.userId}`, account: `account:${session.userId}` }
  const stream = name === 'me' || name === 'account' ? own[name] : name
  if (common.has(stream) || Object.values(own).includes(stream)) return { stream, feeds, session }
  if (env.LAB && isOfLab(stream)) return { stream, feeds, session }
  const roomId = roomIdOf(stream)
  if (roomId !== undefined) return { stream, feeds, session, isLast: await endOfRoom(parts, roomId, session) }
  const loanId = loanIdOf(stream)
  if (loanId === undefined || !mayRead(session, await statuses.current(loanId))) {
    throw new Refusal('not-found')
  }
  return { stream, feeds, session }
}

function isOfLab(stream: string): boolean {
  return stream.startsWith('lab:')
}
