import type { Socket } from 'node:net'
import type { Meter } from '#server/connections/exchanges.ts'
import { HeldRequest } from '#server/connections/held-request.ts'
import { knownCursor, parseStartPosition } from '#server/deliver/cursor.ts'
import type { PollResult } from '#server/deliver/encode/page.ts'
import { type Recipient, ResourcePoll, StreamPoll } from '#server/deliver/long-poll.ts'
import { resultOf } from '#server/deliver/short-poll.ts'
import type { Session } from '#server/domain/accounts/session.ts'
import { loanStream } from '#server/domain/loans/loan-deps.ts'
import { type AccessDeps, knownLoan, knownStream, readableLoan, readableStream } from './access.ts'
import type { Context } from './context.ts'
import { sharing } from './cors.ts'
import { apiSecurity } from './front/security-headers.ts'
import { type PollAnswer, type Resource, resourceAnswer, type Wait, waitOf } from './polled-resource.ts'
import { sessionOf } from './session.ts'
import { pollOf, streamAnswer } from './stream-polls.ts'

export type KnownPollDeps = AccessDeps &
  Pick<Context, 'heldRequests' | 'metrics' | 'exchanges' | 'clock' | 'nextRequestId'>

/** The parts of a GET that a poll needs, and what it has cost so far. */
export type PollRequest = {
  url: string
  meter: Meter
  headers: { readonly [name: string]: string | string[] | undefined } & {
    readonly cookie?: string | undefined
    readonly origin?: string | undefined
    readonly host?: string | undefined
    readonly 'if-none-match'?: string | undefined
  }
}

/** Where the response is sent. One of the two is called, once, perhaps much later. */
export type PollResponse = {
  readonly socket: Socket
  send(answer: PollAnswer): void
  /** The poll cannot be served from memory after all: the router has to. */
  pass(reason: 'refused' | 'session-ended'): void
}

const loanPath = /^\/api\/loans\/(L-[0-9A-Z]{10})$/
const streamPath =
  /^\/api\/streams\/([A-Za-z0-9:_-]+)(?:\?(?:after=([0-9a-z.]+)(?:&wait=([0-9]+))?|wait=([0-9]+)))?$/

/** A poll that is served here, by its URL as sent; undefined for anything that is not plainly one. */
export type Polled =
  | { type: 'loan'; id: string; wait: undefined }
  | { type: 'stream'; name: string; after: string | undefined; wait: string | undefined }

export function polledBy(url: string): Polled | undefined {
  const id = loanPath.exec(url)?.[1]
  if (id !== undefined) return { type: 'loan', id, wait: undefined }
  const [, name, after, wait, waitAlone] = streamPath.exec(url) ?? []
  return name === undefined ? undefined : { type: 'stream', name, after, wait: wait ?? waitAlone }
}

/**
 * Responds to a poll, or holds it, ahead of the router; returns false when the router has to.
 *
 * Most polls find nothing new, and what they need is in memory: the session, the right to read, and the stream's head.
 * The response is built by the same functions as the router's, and every refusal is left to the router.
 */
export function answerKnownPoll(
  deps: KnownPollDeps,
  polled: Polled,
  request: PollRequest,
  response: PollResponse,
  session: Session | undefined = deps.sessions.known(request.headers.cookie),
): boolean {
  const { env } = deps
  if (!env.ROLES.includes(polled.type === 'loan' ? 'web' : 'gateway')) return false
  const viewer = request.headers['x-viewer']
  if (viewer !== undefined && viewer !== session?.userId) return false
  try {
    return polled.type === 'loan'
      ? session !== undefined && pollLoan(deps, polled.id, session, request, response)
      : pollStream(deps, polled, session, request, response)
  } catch {
    // Refused: the router says why.
    return false
  }
}

/** Loads what the response to a poll needs. Throws what the router would refuse it with. */
export async function readIntoMemory(
  deps: KnownPollDeps,
  polled: Polled,
  { cookie }: PollRequest['headers'],
): Promise<Session | undefined> {
  if (polled.type === 'stream') {
    const { stream, feeds, session } = await readableStream(deps, polled.name, cookie)
    await feeds.read(stream, parseStartPosition(polled.after))
    return session
  }
  const session = await sessionOf(deps.sessions, cookie)
  await readableLoan(deps, session, polled.id)
  return session
}

function pollStream(
  deps: KnownPollDeps,
  { name, after, wait: parameter }: Extract<Polled, { type: 'stream' }>,
  session: Session | undefined,
  request: PollRequest,
  response: PollResponse,
): boolean {
  const readable = knownStream(deps, name, session)
  if (!readable) return false
  const poll = pollOf(readable, after, request.headers['if-none-match'])
  const batch = readable.feeds.known(poll.stream, poll.after)
  if (!batch) return false
  const wait = waitFor(deps, request, parameter)
  const reply = new KnownPoll(deps, request, response, readable.session, wait, (result: PollResult) =>
    secured(streamAnswer(result, readable, wait)),
  )
  if (wait) new StreamPoll(readable.feeds, poll, reply.hold(wait.ms), reply).begin()
  else reply.send(secured(streamAnswer(resultOf(poll, batch), readable, wait)))
  return true
}

function pollLoan(
  deps: KnownPollDeps,
  id: string,
  session: Session,
  request: PollRequest,
  response: PollResponse,
): boolean {
  const { feeds, clock } = deps
  const { viewer } = session
  const reader = { known: () => knownLoan(deps, session, id), read: () => readableLoan(deps, session, id) }
  const loan = reader.known()
  if (!loan) return false
  const cursor = knownCursor(request.headers['if-none-match'], viewer)
  const wait = waitFor(deps, request, undefined)
  const toAnswer = (state: Resource) => {
    const answer = resourceAnswer(state, { known: cursor, viewer, wait, nowMs: clock.nowMs() })
    return answer.status === 304 ? answer : secured(answer)
  }
  const reply = new KnownPoll(deps, request, response, session, wait, toAnswer)
  if (!wait || cursor === undefined) reply.send(toAnswer(loan))
  else {
    const polled = { stream: loanStream(id), known: cursor, reader }
    new ResourcePoll<Resource>(feeds, polled, reply.hold(wait.ms), reply).begin()
  }
  return true
}

function waitFor({ env }: KnownPollDeps, { headers }: PollRequest, wait: string | undefined) {
  return waitOf({ method: 'GET', query: { wait }, headers }, env.MAX_WAIT_MS)
}

function secured(answer: PollAnswer): PollAnswer {
  Object.assign(answer.fields, apiSecurity)
  return answer
}

/** One poll while it is served here: its caller, its cost, and what holds it. */
class KnownPoll<Result> implements Recipient<Result> {
  readonly #deps: KnownPollDeps
  readonly #request: PollRequest
  readonly #response: PollResponse
  readonly #session: Session | undefined
  readonly #wait: Wait | undefined
  readonly #toAnswer: (result: Result) => PollAnswer
  #held: HeldRequest | undefined

  constructor(
    deps: KnownPollDeps,
    request: PollRequest,
    response: PollResponse,
    session: Session | undefined,
    wait: Wait | undefined,
    toAnswer: (result: Result) => PollAnswer,
  ) {
    this.#deps = deps
    this.#request = request
    this.#response = response
    this.#session = session
    this.#wait = wait
    this.#toAnswer = toAnswer
  }

  /** Throws `TooManyConnections`. */
  hold(waitMs: number): HeldRequest {
    this.#held = new HeldRequest(this.#deps.heldRequests, this.#response.socket, this.#session, waitMs)
    return this.#held
  }

  answer(result: Result): void {
    this.#held?.[Symbol.dispose]()
    if (this.#held?.ending === 'session-ended') this.#response.pass('session-ended')
    else this.#answer(result)
  }

  #answer(result: Result): void {
    try {
      this.send(this.#toAnswer(result))
    } catch {
      // A reset, which the router refuses.
      this.#response.pass('refused')
    }
  }

  fail(): void {
    this.#held?.[Symbol.dispose]()
    this.#response.pass('refused')
  }

  send(answer: PollAnswer): void {
    const { env, exchanges, metrics, nextRequestId } = this.#deps
    const { url, headers, meter } = this.#request
    const { status, fields } = answer
    const requestId = nextRequestId()
    fields['x-request-id'] = requestId
    if (headers.origin !== undefined) Object.assign(fields, sharing(headers, env, fields.vary))
    this.#response.send(answer)
    const facts = { sessionId: this.#session?.id, requestId, path: url, status }
    exchanges.end(meter, { method: 'GET', socket: this.#response.socket }, facts)
    metrics.countPoll(this.#wait ? 'long-poll' : 'short-poll', status === 200 ? 'changed' : 'not-modified')
  }
}
