import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Duplex } from 'node:stream'
import { capConnections } from '#server/connections/connection-cap.ts'
import { skipBytes } from '#server/connections/exchanges.ts'
import type { Env } from '#server/env.ts'
import type { EventStreamDeps } from '#server/http/event-streams.ts'
import type { KnownPollDeps } from '#server/http/known-polls.ts'
import { Refusal } from '#server/http/problem.ts'
import type { SocketServer } from '#server/http/sockets.ts'
import { isLoopback } from '#server/loopback.ts'
import { checkPageRequest, checkRequest } from './check-request.ts'
import { isForApi } from './client-error.ts'
import { ownHosts } from './own-hosts.ts'
import { afterResponses, pacePipelines } from './paced-pipeline.ts'
import { listenRaw } from './raw-listener.ts'
import { isStreaming, noteRefused, refuseOnSocket, wasRefused, writeRefusal } from './raw-refusal.ts'
import { refusalPage, refusalProblem } from './refusal-page.ts'
import { securePage } from './security-headers.ts'

/** What serves the pages: Next, or nothing in a test of the API. */
export type Pages = {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

type Options = {
  pages: Pages | undefined
  env: Env
  dev: boolean
  isDatabaseDown: () => boolean
  /** Serves event streams and sockets ahead of the router; tests may omit it. */
  live?: EventStreamDeps & KnownPollDeps & { upgrade: SocketServer['upgrade'] }
}

const socketPaths = /^\/socket\.io\/?(?=\?|$)/

/** How many requests of one connection are processed at a time. Browsers send one, pipelining programs a few. */
const atOnce = { api: 32, pages: 1 }

/**
 * The one listener: `/api`, health and metrics go to `handler`, before Next sees them; everything else is pages.
 * Upgrades are dispatched here too, because Next adds a listener of its own to any server that it is given.
 */
export function createFront(
  handler: RequestListener,
  { pages, env, dev, isDatabaseDown, live }: Options,
): Server {
  const server = createServer({
    headersTimeout: env.HEADERS_TIMEOUT_MS,
    requestTimeout: env.REQUEST_TIMEOUT_MS,
    keepAliveTimeout: env.KEEP_ALIVE_MS,
    connectionsCheckingInterval: 5_000,
    // `check-request.ts` refuses a missing host, with a problem document like any other refusal.
    requireHostHeader: false,
    // An offer of HTTP/2, which some clients make with every request, is ignored, and the request is served.
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  })
  const secure = env.BASE_URL.startsWith('https:')
  const local = isLoopback(new URL(env.BASE_URL).hostname)
  const lab = env.DEMO && local
  const isOwnHost = ownHosts(env)
  // Comes first, because it replaces the existing connection listeners.
  if (live) listenRaw(server, { ...live, isOwnHost }, (socket) => isRefused(socket))
  const isRefused = capConnections(server, env, (socket, detail) =>
    refuseOnSocket(socket, 'too-many-connections', { detail }),
  )

  function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal) {
    noteRefused(request.socket)
    send(request, response, refusal)
  }

  function send(request: IncomingMessage, response: ServerResponse, refusal: Refusal) {
    const [path = ''] = (request.url ?? '').split('?', 1)
    const id = live?.nextRequestId() ?? ''
    const { fields, body } =
      isForApi(path) || refusal.slug === 'not-found'
        ? refusalProblem(refusal, env.BASE_URL, { path, id })
        : refusalPage(refusal)
    response.writeHead(refusal.status, { ...fields, ...refusal.extra.headers })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  // In development, Next's own tools POST to it.
  const isForPages = ({ url }: IncomingMessage) => !dev && !isForApi(url)

  // Up to 128 KB of an unread file are buffered, and rendering blocks the core: one of those at a time is enough.
  const paced = pacePipelines(serve, ({ url, socket }) =>
    // A request behind a stream is not kept until the stream ends: it ends the stream.
    isForApi(url) || isStreaming(socket) ? atOnce.api : atOnce.pages,
  )
  server.on('request', paced)
  // By default, Node requests the body even if the request is about to be refused.
  server.on('checkContinue', paced)
  // An unknown expectation need not be met.
  server.on('checkExpectation', paced)
  function serve(request: IncomingMessage, response: ServerResponse) {
    if (isRefused(request.socket) || wasRefused(request.socket)) return
    // SSE1: the connection ends with the stream, as its response has announced.
    if (isStreaming(request.socket)) return void request.socket.destroy()
    const refusal =
      checkRequest(request, isOwnHost) ?? (isForPages(request) ? checkPageRequest(request) : undefined)
    if (refusal) return refuse(request, response, refusal)
    if (waitsForContinue(request)) response.writeContinue()
    if (isForApi(request.url)) return handler(request, response)
    response.once('finish', () => skipBytes(request))
    securePage(request, response, { secure, dev, lab, local })
    retryLaterWhen(isDatabaseDown, response)
    if (pages) pages.handle(request, response).catch(() => response.destroy())
    else send(request, response, new Refusal('not-found'))
  }
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (isRefused(request.socket) || wasRefused(socket)) return
    if (isStreaming(socket)) return void socket.destroy()
    afterResponses(socket, () => upgrade(request, socket, head))
  })
  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    const refusal = checkRequest(request, isOwnHost)
    if (refusal) writeRefusal(socket, refusal, refusalProblem(refusal, env.BASE_URL))
    else if (pages && dev && request.url?.startsWith('/_next/')) pages.upgrade(request, socket, head)
    else if (live && env.ROLES.includes('gateway') && socketPaths.test(request.url ?? ''))
      live.upgrade(request, socket, head)
    else refuseOnSocket(socket, 'not-found', { baseUrl: env.BASE_URL })
  }
  // Without a listener, Node closes the connection of a CONNECT request without a response.
  server.on('connect', (request, socket) => {
    socket.on('error', () => socket.destroy())
    if (isRefused(request.socket) || wasRefused(socket)) return
    if (isStreaming(socket)) return void socket.destroy()
    const headers = { allow: 'GET, HEAD' }
    const refusal = { detail: 'This is no proxy', headers, baseUrl: env.BASE_URL }
    afterResponses(socket, () => refuseOnSocket(socket, 'method-not-allowed', refusal))
  })
  return server
}

const continueExpected = /(?:^|\W)100-continue(?:$|\W)/i

/** RFC 9110, section 10.1.1: HTTP/1.0 has no such response. */
function waitsForContinue({ headers, httpVersionMinor }: IncomingMessage): boolean {
  return headers.expect !== undefined && httpVersionMinor > 0 && continueExpected.test(headers.expect)
}

/**
 * While Postgres is down, turns the 500 that Next sends for a failed page into a 503 with `Retry-After`, as on the API.
 */
export function retryLaterWhen(isDatabaseDown: () => boolean, response: ServerResponse): void {
  const writeHead: (...head: unknown[]) => ServerResponse = response.writeHead.bind(response) as never
  response.writeHead = (status: number, ...head: unknown[]) => {
    if (status !== 500 || !isDatabaseDown()) return writeHead(status, ...head)
    response.setHeader('retry-after', '2')
    return writeHead(503, ...head)
  }
}
