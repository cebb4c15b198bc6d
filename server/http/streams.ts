import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Session } from '#server/accounts/session.ts'
import type { Ask, Told } from '#server/deliver/ask.ts'
import { formatTag, knownCursor, parseCursor, parsePlace } from '#server/deliver/cursor.ts'
import { longPoll } from '#server/deliver/long-poll.ts'
import { shortPoll } from '#server/deliver/short-poll.ts'
import type { Feeds } from '#server/log/feeds.ts'
import { cursorPattern, streamNamePattern } from '#server/protocol.ts'
import { pulseStream } from '#server/pulse/pulse.ts'
import { pageAnswer } from './answers.ts'
import type { Routes } from './api.ts'
import type { Context } from './context.ts'
import { empty, pollHeaders } from './openapi.ts'
import { Refusal } from './problem.ts'
import { loanIdOf, mayRead } from './rights.ts'
import { signedIn } from './signed-in.ts'
import { acknowledge, waitOf } from './wait.ts'

/** Everybody is one viewer of the public stream. */
const anyone = 'public'

/** `GET /api/streams/{name}`: one URL a stream, the delivery is negotiated. */
export const streamRoutes: Routes = (api, context) => {
  const { env, waiters, metrics } = context
  const schema = {
    params: z.object({ name: z.string() }),
    querystring: z.object({
      after: z.union([z.literal('now'), z.string().regex(cursorPattern)]).optional(),
      wait: z.string().optional(),
    }),
    heeds: pollHeaders,
    answers: { 200: pageAnswer, 204: empty, 304: empty },
    summary: 'Reads or follows a stream: short poll, or long poll with Prefer: wait=N or ?wait=N',
  }
  // The schema documents; what it says is checked below, for a bad cursor has a problem of its own.
  const options = { schema, validatorCompiler: () => () => true }
  api.get('/api/streams/:name', options, async (request, reply) => {
    const { stream, feeds, session } = await open(context, request)
    const viewer = session?.viewer ?? anyone
    const ask = askOf(stream, request, viewer)
    const wait = waitOf(request, env.MAX_WAIT_MS)
    using patience = wait && waiters.hold(request, session, wait.ms)
    const told = patience ? await longPoll(feeds, ask, patience) : await shortPoll(feeds, ask)
    patience?.check()
    // P3: at the deadline too "nothing new" is said only of a log that is in sight. Then this costs nothing.
    if (patience && told.state === 'nothing-new') await feeds.open(stream)
    metrics.answered(patience ? 'long-poll' : 'short-poll', told.state)
    acknowledge(wait, reply).header('content-location', `/api/streams/${stream}`)
    return answer(told, reply, viewer)
  })
}

/** Which stream a request means, and whether it may: every open asks anew. */
async function open(
  context: Context,
  request: FastifyRequest,
): Promise<{ stream: string; feeds: Feeds; session: Session | undefined }> {
  const { name } = request.params as { name: string }
  if (!streamNamePattern.test(name)) throw new Refusal('not-found')
  if (name === pulseStream) return { stream: name, feeds: context.pulse.feeds, session: undefined }
  const session = await signedIn(context.sessions, request)
  const own = { me: `user:${session.userId}`, account: `account:${session.userId}` }
  const stream = name === 'me' || name === 'account' ? own[name] : name
  if (Object.values(own).includes(stream)) return { stream, feeds: context.feeds, session }
  const loanId = loanIdOf(stream)
  if (loanId === undefined || !mayRead(session, await context.statuses.current(loanId))) {
    throw new Refusal('not-found')
  }
  return { stream, feeds: context.feeds, session }
}

function askOf(stream: string, request: FastifyRequest, viewer: string): Ask {
  const { after } = request.query as { after?: unknown }
  if (after !== undefined && typeof after !== 'string') {
    throw new Refusal('invalid-parameter', 'after: given more than once')
  }
  const place = parsePlace(after)
  const tag = knownCursor(request.headers['if-none-match'], viewer)
  if (tag === undefined) return { stream, after: place }
  const known = parseCursor(tag)
  return { stream, known, after: place === 'now' ? known : place }
}

function answer(told: Told, reply: FastifyReply, viewer: string) {
  reply.header('cache-control', 'private, no-cache').header('vary', 'Accept, Prefer, Cookie')
  switch (told.state) {
    case 'news':
      return reply
        .header('etag', formatTag(told.next, viewer))
        .type('application/json; charset=utf-8')
        .send(told.body)
    case 'nothing-new':
      // 304 only for a tag of this viewer: it would show whatever page the browser keeps, also another user's.
      if (told.next === undefined) return reply.code(204).send()
      return reply.code(304).header('etag', formatTag(told.next, viewer)).send()
    case 'reset': {
      const { head, reason } = told
      throw new Refusal('stream-reset', resetDetails[reason], { members: { head, reason } })
    }
  }
}

const resetDetails = {
  epoch: 'The cursor is of another life of this log: start again from the head',
  'beyond-head': 'The cursor is beyond the head: start again from the head',
  trimmed: 'The entries after the cursor are no longer kept: start again from the head',
} as const
