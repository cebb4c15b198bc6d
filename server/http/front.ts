import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Duplex } from 'node:stream'
import type { Env } from '#server/env.ts'
import { capConnections } from './connection-cap.ts'
import type { Context } from './context.ts'
import { skipBytes } from './exchanges.ts'
import { tellAway } from './page-status.ts'
import { refuseOnSocket } from './raw-refusal.ts'
import { securePage } from './security-headers.ts'
import { openStreamDoor } from './stream-door.ts'

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
    // `api.ts` refuses that, in a document like any other.
    requireHostHeader: false,
    // An offer of HTTP/2 (some clients make it with every request) is not taken up; the request is served.
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  })
  const secure = env.BASE_URL.startsWith('https:')
  const lab = env.DEMO && isLoopback(new URL(env.BASE_URL).hostname)
  // The door first: it takes the place of those who listen for connections so far.
  if (streams) openStreamDoor(server, { env, ...streams }, (socket) => isRefused(socket))
  const isRefused = capConnections(server, env.MAX_CONNECTIONS_PER_ADDRESS, env.TRUSTED_PROXIES)

  server.on('request', serve)
  // An expectation that we do not know is none that we have to meet.
  server.on('checkExpectation', serve)
  function serve(request: IncomingMessage, response: ServerResponse) {
    if (isRefused(request.socket)) return
    if (apiPaths.test(request.url ?? '') || lacksHost(request)) {
      handler(request, response)
      return
    }
    response.once('finish', () => skipBytes(request))
    securePage(request, response, { secure, dev, lab })
    tellAway(response, isAway)
    if (pages) pages.handle(request, response).catch(() => response.destroy())
    else response.writeHead(404).end()
  }
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (isRefused(request.socket)) return
    if (pages && dev && request.url?.startsWith('/_next/')) pages.upgrade(request, socket, head)
    else if (streams && socketPaths.test(request.url ?? '')) streams.sockets.upgrade(request, socket, head)
    else refuseOnSocket(socket, 'not-found', { baseUrl: env.BASE_URL })
  })
  return server
}

/** HTTP/1.1 requires `Host` (RFC 9112, section 3.2). */
export function lacksHost({ httpVersionMinor, headers }: IncomingMessage): boolean {
  return httpVersionMinor > 0 && headers.host === undefined
}

/** What came was not HTTP, or not in time. */
export function refuseClientError(error: { code?: string | undefined }, socket: Duplex): void {
  const status = statuses[error.code ?? ''] ?? 400
  if (error.code === 'ECONNRESET') socket.destroy()
  else refuseOnSocket(socket, 'bad-request', { status })
}

const statuses: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1'
}
