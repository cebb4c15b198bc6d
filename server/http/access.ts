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
 * A stream that the caller may read, by its real name. `session` is undefined for public streams. `revokesAccess`
 * recognizes the entry that ends access: one after the seq at which access was checked, because the caller may have
 * left and returned before.
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

/** Streams that every signed-in user may read. */
const common = new Set(['feed'])

/**
 * A1: resolves a stream name for this cookie; checked again with every open and every poll. Throws 401 without a
 * session, and the same 404 for a stream that does not exist and for one that the caller may not read. The pulse and
 * the lab runs of this process are public.
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

/** The same if it takes no I/O; undefined if it does, and for anything that is refused. */
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

/** The same for a known session, such as that of an open socket. */
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

/** Streams that everyone may read. */
function publicStream({ pulse, runs }: StreamDeps, name: string): ReadableStream | undefined {
  if (name === pulseStream) return { stream: name, feeds: pulse.feeds, session: undefined }
  const ofRun = runs.feedsOf(name)
  return ofRun && { stream: name, feeds: ofRun, session: undefined }
}

/** Streams that a session may read unconditionally: prices, its user's own, and those of every signed-in user. */
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

/**
 * A loan as this session sees it. Throws the same 404 for one that does not exist and for one that the session may not
 * read.
 */
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

/** The same without I/O, if memory is up to date; undefined otherwise. */
export function knownLoan(
  { loanStates }: Pick<Context, 'loanStates'>,
  session: Session,
  id: string,
): LoanState | undefined {
  const state = loanStates.known(id)
  return mayRead(session, state) ? state : undefined
}

/**
 * Members may read a room. Returns what recognizes the entry that ends their access. Throws 404 for a room that must
 * stay hidden from the caller, and 403 for one that they could join but have not.
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

/** The loan of a stream; undefined for any other stream. */
function loanIdOf(stream: string): string | undefined {
  const id = stream.startsWith('loan:') ? stream.slice('loan:'.length) : ''
  return idPattern.test(id) ? id : undefined
}

/** The applicant and every officer may read a loan; for anyone else it does not exist. */
export function mayRead(session: Session, state: LoanState | undefined): state is LoanState {
  return state !== undefined && (state.applicantId === session.userId || session.role === 'officer')
}
