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
import type { Context } from '#server/http/context.ts'
import { Refusal } from '#server/http/problem.ts'
import { isLoopback } from '#server/loopback.ts'
import { checkPageRequest, checkRequest } from './check-request.ts'
import { ownHosts } from './own-hosts.ts'
import { afterResponses, pacePipelines } from './paced-pipeline.ts'
import { isStreaming, noteRefused, refuseOnSocket, wasRefused, writeRefusal } from './raw-refusal.ts'
import { openStreamDoor } from './raw-sse-listener.ts'
import { headersTooLarge, refusalPage, refusalProblem } from './refusal-page.ts'
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
  isAway: () => boolean
  /** Where event streams and sockets are held; without it the API does what is asked for. */
  streams?: Pick<Context, 'streams' | 'sockets' | 'nextRequestId'>
}

const apiPaths = /^\/(api|socket\.io|healthz|readyz|metrics)(?=[/?]|$)/
const socketPaths = /^\/socket\.io\/?(?=\?|$)/

/** Requests of one connection that are worked on at a time. Browsers send one, programs that pipeline a few. */
const atOnce = { api: 32, pages: 1 }

/**
 * The one listener: `/api`, health and metrics go to `handler`, before Next sees them; the rest is pages.
 * Upgrades go through one dispatcher too, for Next adds a listener of its own to a server that it is given.
 */
export function createFront(handler: RequestListener, { pages, env, dev, isAway, streams }: Options): Server {
  const server = createServer({
    headersTimeout: env.HEADERS_TIMEOUT_MS,
    requestTimeout: env.REQUEST_TIMEOUT_MS,
    keepAliveTimeout: env.KEEP_ALIVE_MS,
    connectionsCheckingInterval: 5_000,
    // `check-request.ts` refuses that, in a document like any other.
    requireHostHeader: false,
    // An offer of HTTP/2 (some clients make it with every request) is not taken up; the request is served.
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  })
  const secure = env.BASE_URL.startsWith('https:')
  const lab = env.DEMO && isLoopback(new URL(env.BASE_URL).hostname)
  const isOwnHost = ownHosts(env)
  // The door first: it takes the place of those who listen for connections so far.
  if (streams) openStreamDoor(server, { env, isOwnHost, ...streams }, (socket) => isRefused(socket))
  const isRefused = capConnections(server, env.MAX_CONNECTIONS_PER_ADDRESS, env.TRUSTED_PROXIES)

  function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal) {
    noteRefused(request.socket)
    const [path = ''] = (request.url ?? '').split('?', 1)
    const id = streams?.nextRequestId() ?? ''
    const { fields, body } = isForApi(path)
      ? refusalProblem(refusal, env.BASE_URL, { path, id })
      : refusalPage(refusal)
    response.writeHead(refusal.status, { ...fields, ...refusal.extra.headers })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  // While it compiles, Next's own tools post to it.
  const isForPages = ({ url }: IncomingMessage) => !dev && !isForApi(url)

  // Of a file that nobody takes 128 KB wait, and rendering takes the core: one of those at a time is enough.
  const paced = pacePipelines(serve, ({ url, socket }) =>
    // What comes behind a stream is not kept until that ends: it ends it.
    isForApi(url) || isStreaming(socket) ? atOnce.api : atOnce.pages,
  )
  server.on('request', paced)
  // Left to itself, Node asks for the body of a request that is refused a moment later.
  server.on('checkContinue', paced)
  // An expectation that we do not know is none that we have to meet.
  server.on('checkExpectation', paced)
  function serve(request: IncomingMessage, response: ServerResponse) {
    if (isRefused(request.socket) || wasRefused(request.socket)) return
    // SSE1: the connection ends with the stream, of which the client was told.
    if (isStreaming(request.socket)) return void request.socket.destroy()
    const refusal =
      checkRequest(request, isOwnHost) ?? (isForPages(request) ? checkPageRequest(request) : undefined)
    if (refusal) return refuse(request, response, refusal)
    if (waitsForContinue(request)) response.writeContinue()
    if (isForApi(request.url)) return handler(request, response)
    response.once('finish', () => skipBytes(request))
    securePage(request, response, { secure, dev, lab })
    tellAway(response, isAway)
    if (pages) pages.handle(request, response).catch(() => response.destroy())
    else response.writeHead(404).end()
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
    else if (streams && socketPaths.test(request.url ?? '')) streams.sockets.upgrade(request, socket, head)
    else refuseOnSocket(socket, 'not-found', { baseUrl: env.BASE_URL })
  }
  // Without a listener Node hangs up on who asks for a tunnel, without a word.
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

/** RFC 9110, section 10.1.1: HTTP/1.0 knows no such answer. */
function waitsForContinue({ headers, httpVersionMinor }: IncomingMessage): boolean {
  return headers.expect !== undefined && httpVersionMinor > 0 && continueExpected.test(headers.expect)
}

function isForApi(url = ''): boolean {
  return apiPaths.test(url)
}

type ClientError = { code?: string | undefined; rawPacket?: unknown }

/** What came was not HTTP, or too much of it, or not in time. A page's reader is told so in a page. */
export function refuseClientError({ code = '', rawPacket }: ClientError, socket: Duplex): void {
  if (code === 'ECONNRESET' || isStreaming(socket)) return void socket.destroy()
  const refusal =
    code === 'HPE_HEADER_OVERFLOW'
      ? headersTooLarge()
      : new Refusal('bad-request', undefined, { status: statuses[code] ?? 400 })
  // The first bytes of the packet, if it is the one that the request begins with.
  const first = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1', 0, 200) : ''
  const path = /^(?:GET|HEAD) (\/\S*)/.exec(first)?.[1]
  const isPage = path !== undefined && !isForApi(path)
  const sent = isPage ? refusalPage(refusal) : refusalProblem(refusal, '')
  afterResponses(socket, () => writeRefusal(socket, refusal, sent))
}

const statuses: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408 }

/**
 * Next answers 500 for a page that could not read, whatever the reason. While Postgres is away that is a 503 with
 * `Retry-After`, as it is on the API.
 */
export function tellAway(response: ServerResponse, isAway: () => boolean): void {
  const writeHead: (...head: unknown[]) => ServerResponse = response.writeHead.bind(response) as never
  response.writeHead = (status: number, ...head: unknown[]) => {
    if (status !== 500 || !isAway()) return writeHead(status, ...head)
    response.setHeader('retry-after', '2')
    return writeHead(503, ...head)
  }
}
