import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ZodType } from 'zod'
import { type ProblemSlug, signInSchema, signUpSchema, storableSchema } from '#server/protocol.ts'
import type { Api } from './api.ts'
import type { Context } from './context.ts'
import { Refusal } from './problem.ts'

const base = '/api/auth'

type Action = { method: 'GET' | 'POST'; summary: string; body?: ZodType }

/** What of better-auth is served. It has more; none of that is reached, by whatever spelling of the path. */
const actions: Record<string, Action> = {
  'sign-up/email': {
    method: 'POST',
    body: signUpSchema.catchall(storableSchema.valueType),
    summary: 'Makes an account and signs in',
  },
  'sign-in/email': {
    method: 'POST',
    body: signInSchema.catchall(storableSchema.valueType),
    summary: 'Signs in',
  },
  'sign-out': { method: 'POST', summary: 'Ends this session' },
  'get-session': { method: 'GET', summary: 'This session and its user, or null' },
  'list-sessions': { method: 'GET', summary: 'The caller’s sessions' },
  'revoke-session': { method: 'POST', summary: 'Ends the session with this `token`' },
  'revoke-other-sessions': { method: 'POST', summary: 'Ends all sessions of the caller but this one' },
}

/** `/api/auth/*`: better-auth's own routes, with our limits before them and problems in place of its errors. */
export function accountRoutes(api: Api, context: Context): void {
  for (const [name, action] of Object.entries(actions)) addAction(api, context, name, action)
}

function addAction(api: Api, context: Context, name: string, { method, summary, body }: Action) {
  const { auth, limits, sessions, env } = context
  const schema = { summary, ...(method === 'POST' && { body: body ?? storableSchema.optional() }) }
  const url = `${base}/${name}`

  api.route({
    url,
    method,
    schema,
    async handler(request, reply) {
      if (name === 'sign-up/email') await limits.countSignUp(request.ip)
      const answer =
        name === 'sign-in/email' ? await signIn(request) : await auth.handler(webRequest(request))
      if (!answer.ok) throw await refusalOf(answer, context)
      // Whoever signs out or revokes is promised that it holds when the answer arrives.
      if (method === 'POST') await sessions.check()
      return send(answer, reply)
    },
  })

  /** A try counts before it is judged, for many may come at once; one that did not fail is given back. */
  async function signIn(request: FastifyRequest): Promise<Response> {
    const { email } = request.body as { email: string }
    await limits.countSignIn(email, request.ip)
    let failed = false
    try {
      const answer = await auth.handler(webRequest(request))
      failed = answer.status === 401
      return answer
    } finally {
      if (!failed) await limits.forgiveSignIn(email, request.ip)
    }
  }

  function webRequest(request: FastifyRequest): Request {
    const headers = new Headers()
    for (const [header, value] of Object.entries(request.headers)) {
      if (value !== undefined && header !== 'content-length') headers.set(header, [value].flat().join(', '))
    }
    headers.set('x-wireside-address', request.ip)
    const sent = method === 'POST' && { body: JSON.stringify(request.body ?? {}) }
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

/** The same refusal as a problem, its `code` and `message` kept. A failure of its own may be Postgres being away. */
async function refusalOf(answer: Response, { log }: Context): Promise<Refusal> {
  const text = await answer.text()
  const said: unknown = text === '' ? {} : JSON.parse(text)
  const members = said instanceof Object ? { ...said } : {}
  const failed = 'code' in members && String(members.code).startsWith('FAILED_TO_')
  if (failed || answer.status >= 500) await log.vouch()
  if (answer.status >= 500) return new Refusal('internal')
  const detail = 'message' in members && typeof members.message === 'string' ? members.message : undefined
  return new Refusal(slugs[answer.status] ?? 'bad-request', detail, { members, status: answer.status })
}
