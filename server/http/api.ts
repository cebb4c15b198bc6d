import type { RequestListener, Server } from 'node:http'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { Meter } from '#server/connections/exchanges.ts'
import { countingQueries } from '#server/database/client.ts'
import type { ProcessRole } from '#server/env.ts'
import type { Context } from './context.ts'
import { answerPreflight, share } from './cors.ts'
import { refusalOf } from './errors.ts'
import { refuseClientError } from './front/client-error.ts'
import { apiSecurity } from './front/security-headers.ts'
import { parseJson } from './json-body.ts'
import { noteMethods } from './methods.ts'
import { toOpenApi, withSchemas } from './openapi.ts'
import { checkOrigin } from './origin.ts'
import { problemOf, Refusal } from './problem.ts'
import type { Api, Routes } from './route.ts'
import { accountRoutes, nameRoutes, peopleRoutes } from './routes/accounts.ts'
import { healthRoutes, wireRoutes } from './routes/diagnostics.ts'
import { instrumentRoutes } from './routes/instruments.ts'
import { labBenchRoutes, labReportRoutes, labRunRoutes } from './routes/lab.ts'
import { loanRoutes, paymentRoutes } from './routes/loans.ts'
import { messageRoutes } from './routes/messages.ts'
import { alertRoutes, notificationRoutes } from './routes/notifications.ts'
import { orderRoutes, tradingAccountRoutes } from './routes/orders.ts'
import { commentRoutes, postRoutes } from './routes/posts.ts'
import { roomRoutes } from './routes/rooms.ts'
import { socketRoute, streamRoutes } from './routes/streams.ts'
import { checkViewer } from './session.ts'

/** All of `/api`, plus health and metrics of the process. `server` creates the HTTP server around its handler. */
export async function createApi(
  context: Context,
  server: (handler: RequestListener) => Server,
): Promise<Api> {
  const { env, logger, exchanges } = context
  const api: Api = Fastify({
    serverFactory: (handler) => server(handler),
    trustProxy: env.TRUSTED_PROXIES.length > 0 ? env.TRUSTED_PROXIES : false,
    bodyLimit: env.MAX_BODY_BYTES,
    genReqId: context.nextRequestId,
    routerOptions: { maxParamLength: 200 },
    logger: false,
    clientErrorHandler: refuseClientError,
    frameworkErrors(error, request, reply) {
      // No hook runs for a request that the router cannot parse.
      share(request, reply, env)
      refuse(error, request, reply)
    },
  })
  api.decorateRequest('meter', undefined as unknown as Meter)
  api.decorateRequest('session', undefined)
  api.setValidatorCompiler<z.ZodType>(({ schema }) => (data) => {
    const { data: value, error } = schema.safeParse(data)
    return error ? { error } : { value }
  })
  api.setSerializerCompiler(() => (data) => JSON.stringify(data))
  api.removeAllContentTypeParsers()
  api.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, parseJson(Buffer.from(body), request.headers['content-type'], env.MAX_JSON_DEPTH))
    } catch (error) {
      done(error as Error)
    }
  })

  api.addHook('onRequest', (request, reply, done) => {
    request.meter = exchanges.begin(request.raw)
    reply.header('x-request-id', request.id)
    const { role } = request.routeOptions.config
    if (role && !env.ROLES.includes(role)) throw new Refusal('not-found')
    checkOrigin(request, env.TRUSTED_ORIGINS)
    if (answerPreflight(request, reply, env)) return
    countingQueries(request.meter, done)
  })
  api.addHook('onRequest', (request, _reply, done) => {
    const { headers, routeOptions } = request
    // Most requests carry none, and a poll without news should not wait for a promise.
    if (headers['x-viewer'] === undefined || routeOptions.config.forAnyViewer) return done()
    checkViewer(context.sessions, headers).then(() => done(), done)
  })
  // Set here rather than earlier, so that a request held for long carries no headers meanwhile.
  api.addHook('onSend', (request, reply, payload, done) => {
    reply.headers(apiSecurity).header('x-request-id', request.id)
    share(request, reply, env)
    done(null, payload)
  })
  api.addHook('onResponse', (request, reply, done) => {
    const { id, url, method, meter, session } = request
    const { statusCode } = reply
    exchanges.end(meter, request.raw, {
      sessionId: session?.id,
      requestId: id,
      path: url,
      status: statusCode,
    })
    // Polls every few seconds from each client are not logged, only requests that may change something.
    if (method !== 'GET' && method !== 'HEAD') {
      const ms = round(reply.elapsedTime)
      logger.info(
        { requestId: id, method, path: pathOf(url), ...routeOf(request), status: statusCode, ms },
        'served',
      )
    }
    done()
  })
  api.setErrorHandler(refuse)
  api.setNotFoundHandler((request, reply) => {
    const isTrace = request.method === 'TRACE'
    const detail = 'Nothing here is traced'
    const refusal = isTrace
      ? new Refusal('method-not-allowed', detail, { headers: { allow: 'GET, HEAD' } })
      : new Refusal('not-found')
    refuse(refusal, request, reply)
  })

  function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const refusal = refusalOf(error)
    // A client that left while sending its body is not our failure, though the error has the code of one.
    const hasLeft = request.raw.errored === error
    if (refusal.status >= 500 && !hasLeft) {
      const level = refusal.status === 503 ? 'warn' : 'error'
      const fields = { requestId: request.id, path: pathOf(request.url), ...routeOf(request), err: error }
      logger[level](fields, refusal.message)
    }
    sendProblem(refusal, request, reply)
  }

  function sendProblem(refusal: Refusal, request: FastifyRequest, reply: FastifyReply) {
    reply
      .code(refusal.status)
      .headers({ 'cache-control': 'no-store', 'x-request-id': request.id, ...refusal.extra.headers })
      .type('application/problem+json; charset=utf-8')
      .send(JSON.stringify(problemOf(refusal, env.BASE_URL, pathOf(request.url), request.id)))
  }

  let document: Buffer | undefined
  /** Serialized once: that takes milliseconds, and anyone may request it. */
  const openApi = () => {
    document ??= Buffer.from(JSON.stringify(api.swagger()))
    return document
  }

  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Wireside', version: '0.1.0', description: 'One event log, four deliveries.' },
      servers: [{ url: env.BASE_URL }],
    },
    transform: toOpenApi,
    transformObject: withSchemas,
  })
  /**
   * Adds the routes of a role, or those of every process. The OpenAPI document lists all of them, whichever process
   * serves it.
   */
  const register = (role: ProcessRole | undefined, topics: readonly Routes<Context>[]) =>
    api.register(async (scope) => {
      scope.addHook('onRoute', (route) => {
        if (role) route.config = { ...route.config, role }
      })
      const refuseOtherMethods = noteMethods(scope as Api)
      for (const add of topics) add((scope as Api).withTypeProvider<ZodTypeProvider>(), context)
      refuseOtherMethods(scope as Api)
    })
  const documentRoute: Routes<Context> = (routes) => {
    routes.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('application/json; charset=utf-8').send(openApi()),
    )
  }
  await register('gateway', [streamRoutes, socketRoute])
  await register('web', [...webRoutes, documentRoute])
  await register(undefined, [healthRoutes])
  await api.ready()
  return api
}

/** What the role `web` serves besides pages: every HTTP verb, and polls of a loan or a payment. */
const webRoutes: readonly Routes<Context>[] = [
  accountRoutes,
  roomRoutes,
  messageRoutes,
  loanRoutes,
  paymentRoutes,
  postRoutes,
  commentRoutes,
  nameRoutes,
  peopleRoutes,
  notificationRoutes,
  alertRoutes,
  instrumentRoutes,
  orderRoutes,
  tradingAccountRoutes,
  labRunRoutes,
  labReportRoutes,
  labBenchRoutes,
  wireRoutes,
]

/** Without the query, which may contain anything. */
function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}

/** The route pattern, by which the log counts repeated lines. */
function routeOf({ routeOptions: { url } }: FastifyRequest): { route?: string } {
  return url === undefined ? {} : { route: url }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
