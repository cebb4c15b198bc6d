import type { Session } from '#server/domain/accounts/session.ts'
import { roomIdOf } from '#server/domain/chat/chat-deps.ts'
import { isDepartureOf } from '#server/domain/chat/memberships.ts'
import { idPattern } from '#server/domain/loans/loan-deps.ts'
import type { LoanState } from '#server/domain/loans/loan-states.ts'
import { pulseStream } from '#server/domain/pulse/pulse.ts'
import type { Feeds } from '#server/log/feeds.ts'
import type { RevokesAccess } from '#server/log/following.ts'
import { streamNamePattern } from '#server/protocol/streams.ts'
import type { Context } from './context.ts'
import { Refusal } from './problem.ts'
import { sessionOf } from './session.ts'

/**
 * A stream that the caller may read, by its real name. `session` is undefined for the public one. `revokesAccess`
 * recognises the entry that ends the right to read it: one after the seq at which the right was found, for the caller
 * may have left and returned before.
 */
export type ReadableStream = {
  stream: string
  feeds: Feeds
  session: Session | undefined
  revokesAccess?: RevokesAccess
}
type StreamDeps = Pick<
  Context,
  'env' | 'feeds' | 'pulse' | 'runs' | 'priceStreams' | 'loanStates' | 'memberships'
>
export type AccessDeps = StreamDeps & Pick<Context, 'sessions'>

/** What every signed-in person may read. */
const common = new Set(['feed'])

/**
 * A1: which stream a name means for this cookie. Every open and every poll asks again. Throws 401 without a session,
 * and 404 for what does not exist and, alike, for what is not the caller's to read. The pulse and the runs of the lab
 * that this process plays are everybody's.
 */
export async function readableStream(
  deps: AccessDeps,
  name: string,
  cookie: string | undefined,
): Promise<ReadableStream> {
  if (!streamNamePattern.test(name)) throw new Refusal('not-found')
  const open = publicStream(deps, name)
  if (open) return open
  if (isOfLab(name) && !deps.env.LAB) throw new Refusal('not-found')
  return streamOf(deps, name, await sessionOf(deps.sessions, cookie))
}

/** The same when it takes no I/O; undefined when it does, and for what is refused. */
export function knownStream(
  deps: StreamDeps,
  name: string,
  session: Session | undefined,
): ReadableStream | undefined {
  if (!streamNamePattern.test(name)) return undefined
  const open = publicStream(deps, name)
  if (open || !session) return open
  const plain = plainStream(deps, name, session)
  if (plain) return plain
  const loanId = loanIdOf(name)
  const isReadable = loanId !== undefined && knownLoan(deps, session, loanId)
  return isReadable ? { stream: name, feeds: deps.feeds, session } : undefined
}

/** The same for a session that is known, as that of an open socket is. */
export async function streamOf(deps: StreamDeps, name: string, session: Session): Promise<ReadableStream> {
  if (!streamNamePattern.test(name)) throw new Refusal('not-found')
  const { feeds, loanStates } = deps
  const open = publicStream(deps, name)
  if (open) return { ...open, session }
  const plain = plainStream(deps, name, session)
  if (plain) return plain
  const roomId = roomIdOf(name)
  if (roomId !== undefined)
    return { stream: name, feeds, session, revokesAccess: await revocationOf(deps, roomId, session) }
  const loanId = loanIdOf(name)
  if (loanId === undefined || !mayRead(session, await loanStates.current(loanId))) {
    throw new Refusal('not-found')
  }
  return { stream: name, feeds, session }
}

/** What is everybody's. */
function publicStream({ pulse, runs }: StreamDeps, name: string): ReadableStream | undefined {
  if (name === pulseStream) return { stream: name, feeds: pulse.feeds, session: undefined }
  const ofRun = runs.feedsOf(name)
  return ofRun && { stream: name, feeds: ofRun, session: undefined }
}

/** What a session may read whatever anybody else does: prices, what is their own, and what is everybody's who has one. */
function plainStream(
  { env, feeds, priceStreams }: StreamDeps,
  name: string,
  session: Session,
): ReadableStream | undefined {
  const ofPrices = priceStreams.feedsOf(name)
  if (ofPrices) return { stream: name, feeds: ofPrices, session }
  const own = { me: `user:${session.userId}`, account: `account:${session.userId}` }
  const stream = name === 'me' || name === 'account' ? own[name] : name
  const isOwn = stream === own.me || stream === own.account
  const isPlain = isOwn || common.has(stream) || (env.LAB && isOfLab(stream))
  return isPlain ? { stream, feeds, session } : undefined
}

function isOfLab(stream: string): boolean {
  return stream.startsWith('lab:')
}

/** A loan as this session sees it. Throws 404 for what does not exist and, alike, for what is not its business. */
export async function readableLoan(
  { loanStates }: Pick<Context, 'loanStates'>,
  session: Session,
  id: string,
): Promise<LoanState> {
  if (!idPattern.test(id)) throw new Refusal('not-found')
  const state = loanStates.known(id) ?? (await loanStates.current(id))
  if (!mayRead(session, state)) throw new Refusal('not-found')
  return state
}

/** The same without I/O, when memory alone can vouch for it; undefined otherwise. */
export function knownLoan(
  { loanStates }: Pick<Context, 'loanStates'>,
  session: Session,
  id: string,
): LoanState | undefined {
  const state = loanStates.known(id)
  return mayRead(session, state) ? state : undefined
}

/**
 * The right to read a room is to be in it. Gives the entry that ends it. Throws 404 for a room that the caller may not
 * know of, and 403 for one that is open to them and that they have not joined.
 */
async function revocationOf(
  { memberships }: Pick<Context, 'memberships'>,
  roomId: string,
  { userId }: Session,
): Promise<RevokesAccess> {
  const known = await memberships.current(roomId)
  const membership = known?.roles.has(userId) ? known : await memberships.reread(roomId)
  if (!membership) throw new Refusal('not-found')
  const { roles, upTo } = membership
  if (roles.has(userId)) return (entry) => entry.seq > upTo && isDepartureOf(entry, userId)
  if (await memberships.isOpenTo(userId, roomId, membership)) {
    throw new Refusal('forbidden', 'Join the room first')
  }
  throw new Refusal('not-found')
}

/** The loan whose stream this is; undefined when it is none. */
function loanIdOf(stream: string): string | undefined {
  const id = stream.startsWith('loan:') ? stream.slice('loan:'.length) : ''
  return idPattern.test(id) ? id : undefined
}

/** The applicant and every officer may read a loan; to anybody else it does not exist. */
export function mayRead(session: Session, state: LoanState | undefined): state is LoanState {
  return state !== undefined && (state.applicantId === session.userId || session.role === 'officer')
}
