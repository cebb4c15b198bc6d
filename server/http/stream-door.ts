import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Context } from './context.ts'
import { refuseClientError } from './front.ts'
import { isOwnOrigin } from './origin.ts'
import { type StreamRequest, streamRequestIn } from './stream-request.ts'

type Parts = Pick<Context, 'env' | 'streams' | 'nextRequestId'>

/**
 * Stands before the HTTP parser: a connection that begins with a request for an event stream is served without one,
 * for the parser, the request and the response would weigh three times what the open stream does. Every other
 * connection goes to the parser, with the bytes that were read; so does a request that is refused, whose answer is
 * then written where all are.
 */
export function openStreamDoor(server: Server, parts: Parts, isRefused: (socket: Socket) => boolean): void {
  const silent = new Set<Socket>()
  function forget(this: Socket) {
    silent.delete(this)
  }
  const listeners = server.rawListeners('connection')
  const speakHttp = (socket: Socket) => {
    for (const listener of listeners) listener.call(server, socket)
  }
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    if (isRefused(socket)) return
    silent.add(socket)
    socket.on('close', forget)
    peek(socket, parts.env.HEADERS_TIMEOUT_MS, async (bytes) => {
      silent.delete(socket)
      socket.off('close', forget)
      const request = bytes && streamRequestIn(bytes)
      if (request && (await serve(parts, request, socket))) return
      if (bytes) socket.unshift(bytes)
      speakHttp(socket)
    })
  })
  // A browser opens connections ahead of need; those on which nothing has been said only this door knows.
  parts.streams.onDrain(() => {
    for (const socket of silent) socket.destroy()
  })
}

/** Gives the first bytes of a connection, undefined if it has ended without any. One that stays silent is refused. */
function peek(socket: Socket, patienceMs: number, seen: (bytes: Buffer | undefined) => void): void {
  const refuse = () => refuseClientError({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket)
  socket.on('error', destroy)
  socket.setTimeout(patienceMs, refuse)
  socket.once('readable', () => {
    socket.setTimeout(0, refuse)
    seen(socket.read() ?? undefined)
  })
}

function destroy(this: Socket) {
  this.destroy()
}

/** Whether the request was served. What is refused is left to the HTTP parser's side, untouched. */
async function serve(
  { env, streams, nextRequestId }: Parts,
  { path, name, after, headers }: StreamRequest,
  socket: Socket,
): Promise<boolean> {
  if (!isOwnOrigin(headers, env.TRUSTED_ORIGINS)) return false
  const asked = {
    ...{ name, after, path, requestId: nextRequestId() },
    lastEventId: headers['last-event-id'] || undefined,
    cookie: headers.cookie,
    meter: { startedAt: performance.now(), read: 0, written: 0, queries: 0 },
  }
  try {
    await streams.open(asked, { socket, out: socket, head: (fields) => begin(socket, fields) })
    return true
  } catch {
    // Refused, or broken: asked once more through the parser, it is told why.
    return socket.destroyed
  }
}

/** Writes the head. From here on the client has nothing to say; when it hangs up, so do we. */
function begin(socket: Socket, fields: Record<string, string>): void {
  const lines = Object.entries(fields).map((pair) => pair.join(': '))
  socket.allowHalfOpen = false
  socket.resume()
  socket.write(`HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\n`)
}
