import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ZodType } from 'zod'
import { type ProblemSlug, signInSchema, signUpSchema, storableSchema } from '#server/protocol.ts'
import type { Api } from './api.ts'
import type { Context } from './context.ts'
import { Refusal } from './problem.ts'

const base = '/api/auth'

/** `/api/auth/*`: better-auth's own routes, with our limits before them and problems in place of its errors. */
export function accountRoutes(api: Api, context: Context): void {
  const { auth, limits, sessions } = context
  api.route({
    url: `${base}/*`,
    method: ['GET', 'POST'],
    schema: {
      summary: 'Accounts: sign-up/email, sign-in/email, sign-out, get-session, list-sessions, revoke-session',
    },
    handler: async (request, reply) => {
      const action = request.url.slice(base.length + 1).split('?')[0] ?? ''
      const email = await admit(action, request)
      const answer = await auth.handler(toWebRequest(request, context.env.BASE_URL))
      if (answer.ok) {
        // Whoever signs out or revokes is promised that it holds when the answer arrives.
        if (request.method === 'POST') await sessions.check()
        return send(answer, reply)
      }
      if (email !== undefined && answer.status === 401) await limits.countFailedSignIn(email, request.ip)
      throw await refusalOf(answer, context)
    },
  })

  /** Checks rates and bodies; gives the e-mail address of a sign-in. */
  async function admit(action: string, request: FastifyRequest): Promise<string | undefined> {
    if (request.method === 'POST') check(storableSchema, request.body ?? {})
    if (action === 'sign-up/email') {
      check(signUpSchema, request.body)
      await limits.countSignUp(request.ip)
    }
    if (action !== 'sign-in/email') return undefined
    const { email } = check(signInSchema, request.body)
    await limits.checkSignIn(email, request.ip)
    return email
  }
}

function check<T>(schema: ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw parsed.error
  return parsed.data
}

function toWebRequest(request: FastifyRequest, baseUrl: string): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== 'content-length') headers.set(name, [value].flat().join(', '))
  }
  headers.set('x-wireside-address', request.ip)
  return new Request(new URL(request.url, baseUrl), {
    method: request.method,
    headers,
    ...(request.method === 'POST' && { body: JSON.stringify(request.body ?? {}) }),
  })
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
  if (answer.status >= 500) {
    await log.check()
    return new Refusal('internal')
  }
  const text = await answer.text()
  const said: unknown = text === '' ? {} : JSON.parse(text)
  const members = said instanceof Object ? { ...said } : {}
  const detail = 'message' in members && typeof members.message === 'string' ? members.message : undefined
  return new Refusal(slugs[answer.status] ?? 'bad-request', detail, { members, status: answer.status })
}
