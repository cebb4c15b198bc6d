import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ZodType, z } from 'zod'
import { networkOf } from '#server/connections/network.ts'
import { isDatabaseAway, isDatabaseOther } from '#server/database/unavailable.ts'
import { demoPeople, isDemoPerson } from '#server/domain/accounts/demo-people.ts'
import { renamePerson } from '#server/domain/accounts/rename-person.ts'
import type { Session } from '#server/domain/accounts/session.ts'
import { userStream } from '#server/domain/notifications/announce.ts'
import { findPeople } from '#server/domain/people.ts'
import { peopleAnswer, personAnswer } from '#server/http/answers.ts'
import type { Context } from '#server/http/context.ts'
import { Refusal } from '#server/http/problem.ts'
import type { Api, Routes } from '#server/http/route.ts'
import { signedIn } from '#server/http/session.ts'
import {
  nameSchema,
  passwordChangeSchema,
  signInSchema,
  signUpSchema,
  storableSchema,
} from '#server/protocol/people-schemas.ts'
import type { ProblemSlug } from '#server/protocol/problems.ts'

const base = '/api/auth'

/** How many sessions are listed; `revoke-other-sessions` ends the unlisted ones too. */
const mostSessions = 100

/**
 * How many requests per address may wait for password hashing: seconds of one core for guesses, a minute's sign-ups for
 * a class that starts together.
 */
const mostWaitingSignIns = 16
const mostWaitingSignUps = 60

type AccountDeps = Pick<
  Context,
  'auth' | 'clock' | 'hashing' | 'limits' | 'sessions' | 'database' | 'env' | 'log'
>

type Action = {
  method: 'GET' | 'POST'
  summary: string
  body?: ZodType
  forAnyViewer?: boolean
}

/** The routes of better-auth that are served. No other can be reached, however the path is spelled. */
const actions: Record<string, Action> = {
  'sign-up/email': {
    method: 'POST',
    body: signUpSchema.catchall(storableSchema.valueType),
    summary: 'Create an account and sign in',
    forAnyViewer: true,
  },
  'sign-in/email': {
    method: 'POST',
    body: signInSchema.catchall(storableSchema.valueType),
    summary: 'Sign in',
    forAnyViewer: true,
  },
  'change-password': {
    method: 'POST',
    body: passwordChangeSchema,
    summary: 'Change your password, which ends all your other sessions',
  },
  'sign-out': { method: 'POST', summary: 'Sign out' },
  'get-session': { method: 'GET', summary: 'Get this session and its user, or null' },
  'list-sessions': { method: 'GET', summary: 'List your sessions' },
  'revoke-session': { method: 'POST', summary: 'End the session with this `token`' },
  'revoke-other-sessions': { method: 'POST', summary: 'End all your other sessions' },
}

/** `/api/auth/*`: better-auth's own routes, behind our limits, with problems instead of its errors. */
export function accountRoutes(api: Api, context: AccountDeps): void {
  for (const [name, action] of Object.entries(actions)) addAction(api, context, name, action)
}

function addAction(api: Api, context: AccountDeps, name: string, action: Action) {
  const { method, summary, body, forAnyViewer = false } = action
  const { auth, clock, hashing, limits, sessions, database, env } = context
  const schema = { summary, ...(method === 'POST' && { body: body ?? storableSchema.optional() }) }
  const url = `${base}/${name}`

  api.route({
    url,
    method,
    schema,
    config: { forAnyViewer },
    async handler(request, reply) {
      const answer = await act(request)
      if (!answer.ok) throw await refusalOf(answer, context)
      // A sign-out or revocation must be in force when its response arrives.
      if (method === 'POST') await sessions.check()
      return send(answer, reply)
    },
  })

  function act(request: FastifyRequest): Promise<Response> {
    if (name === 'sign-in/email') return signIn(request)
    if (name === 'sign-up/email') return signUp(request)
    if (name === 'change-password') return changePassword(request)
    if (name.startsWith('revoke-')) return revoke(request)
    if (name === 'list-sessions') return listSessions(request)
    return ask(request)
  }

  async function revoke(request: FastifyRequest): Promise<Response> {
    const session = await sessions.find(request.headers.cookie)
    if (!session) return ask(request)
    await limits.count('session-change', session.userId)
    if (name === 'revoke-session') return ask(request)
    await endOthers(session)
    return Response.json({ status: true })
  }

  /** better-auth would only end the first 100 that it finds. */
  async function endOthers({ userId, id }: Session) {
    await database.prisma.session.deleteMany({ where: { userId, id: { not: id } } })
  }

  /** Attempts are counted: whoever finds a session open could guess the password. better-auth would end this session too. */
  async function changePassword(request: FastifyRequest): Promise<Response> {
    const session = await sessions.find(request.headers.cookie)
    if (!session) return ask(request)
    if (env.DEMO && demoPeople.some(({ email }) => email === session.email)) {
      throw new Refusal('forbidden', 'This demo account is shared, so its password can’t be changed')
    }
    await limits.count('password-change', session.userId)
    const answer = await inTurn(request, mostWaitingSignIns)
    if (answer.ok) await endOthers(session)
    return answer
  }

  /** The caller's newest sessions, including this one: better-auth would return any 100, unordered. */
  async function listSessions(request: FastifyRequest): Promise<Response> {
    const own = await sessions.find(request.headers.cookie)
    if (!own) return ask(request)
    const { userId, id } = own
    const [mine, others] = await Promise.all([
      database.prisma.session.findMany({ where: { id } }),
      database.prisma.session.findMany({
        where: { userId, id: { not: id }, expiresAt: { gt: new Date(clock.nowMs()) } },
        orderBy: { createdAt: 'desc' },
        take: mostSessions - 1,
      }),
    ])
    return Response.json([...mine, ...others])
  }

  async function signUp(request: FastifyRequest): Promise<Response> {
    await limits.countSignUp(request.ip)
    return inTurn(request, mostWaitingSignUps)
  }

  /** Hashing for an address waits for earlier requests from the same address, but not for those of others. */
  function inTurn(request: FastifyRequest, mostWaiting: number, body?: unknown): Promise<Response> {
    const client = `${name} ${networkOf(request.ip)}`
    return hashing.inTurnOf({ client, mostWaiting }, () => ask(request, body))
  }

  /** An attempt counts before it is judged, because many may arrive at once; if it does not fail, it is uncounted. */
  async function signIn(request: FastifyRequest): Promise<Response> {
    const { email, password } = request.body as { email: string; password: string }
    await limits.countSignIn(email, request.ip)
    let failed = false
    try {
      // People seeded in demo mode still exist afterwards, with a password that is published in the README.
      const isOpenToAll = !env.DEMO && isDemoPerson(email, password)
      const body = isOpenToAll ? { email, password: '' } : request.body
      const answer = await inTurn(request, mostWaitingSignIns, body)
      failed = answer.status === 401
      return answer
    } finally {
      if (!failed) await limits.forgiveSignIn(email, request.ip)
    }
  }

  /**
   * On connections of its own: a locked account row only blocks accounts. better-auth reports some failures of Postgres
   * as refusals, so they are detected and rethrown here.
   */
  async function ask(request: FastifyRequest, body?: unknown): Promise<Response> {
    const failures: unknown[] = []
    const answer = await database.using(
      'accounts',
      () => auth.handler(webRequest(request, body)),
      (error) => void failures.push(error),
    )
    const isPassing = (error: unknown) => isDatabaseAway(error) || isDatabaseOther(error)
    const failure = answer.ok ? undefined : failures.find(isPassing)
    if (failure) throw failure
    return answer
  }

  function webRequest(request: FastifyRequest, body = request.body): Request {
    const headers = new Headers()
    for (const [header, value] of Object.entries(request.headers)) {
      if (value !== undefined && header !== 'content-length') headers.set(header, [value].flat().join(', '))
    }
    headers.set('x-wireside-address', request.ip)
    const sent = method === 'POST' && { body: JSON.stringify(body ?? {}) }
    return new Request(new URL(url, env.BASE_URL), { method, headers, ...sent })
  }
}

async function send(answer: Response, reply: FastifyReply): Promise<FastifyReply> {
  reply.code(answer.status).header('cache-control', 'no-store')
  answer.headers.forEach((value, name) => {
    if (name !== 'set-cookie') reply.header(name, value)
  })
  for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie)
  return reply.send(Buffer.from(await answer.arrayBuffer()))
}

const slugs: Record<number, ProblemSlug> = {
  400: 'bad-request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  415: 'unsupported-media-type',
  422: 'validation',
  429: 'rate-limited',
}

/**
 * Its refusal as a problem, with `code` and `message` kept. An internal failure may mean that Postgres is unavailable.
 */
async function refusalOf(answer: Response, { log }: AccountDeps): Promise<Refusal> {
  const text = await answer.text()
  const said: unknown = text === '' ? {} : JSON.parse(text)
  const members = said instanceof Object ? { ...said } : {}
  const failed = 'code' in members && String(members.code).startsWith('FAILED_TO_')
  if (failed || answer.status >= 500) await log.assertFresh()
  if (answer.status >= 500) return new Refusal('internal')
  const detail = 'message' in members && typeof members.message === 'string' ? members.message : undefined
  return new Refusal(slugs[answer.status] ?? 'bad-request', detail, { members, status: answer.status })
}

/** `PUT /api/account/name`: what the caller is called from now on. */
export const nameRoutes: Routes<Pick<Context, 'sessions' | 'limits' | 'log'>> = (api, deps) => {
  const { sessions, limits, log } = deps
  const schema = {
    body: nameSchema,
    responses: { 200: personAnswer },
    summary: 'Change your name; your handle stays',
  }
  api.put('/api/account/name', { schema }, async (request) => {
    const { userId } = await signedIn(sessions, request)
    await limits.count('name-change', userId)
    return log.transact((tx) => renamePerson({ log }, tx, userId, request.body.name), userStream(userId))
  })
}

/**
 * `GET /api/people?handle=<prefix>`: candidates for a mention or an invitation, by the start of their handle or of a
 * word of their name.
 */
export const peopleRoutes: Routes<Pick<Context, 'sessions' | 'database'>> = (api, { sessions, database }) => {
  const schema = {
    querystring: z.object({
      handle: z.string().regex(/^[\p{L}\p{M}\p{N} .'’-]{0,40}$/u, 'Not the beginning of a name or handle'),
    }),
    responses: { 200: peopleAnswer },
    summary: 'Find people by the start of their handle or name; at most eight',
  }
  api.get('/api/people', { schema }, async (request, reply) => {
    await signedIn(sessions, request)
    const people = await findPeople(database.prisma, request.query.handle)
    return reply.header('cache-control', 'private, no-cache').send(people)
  })
}
