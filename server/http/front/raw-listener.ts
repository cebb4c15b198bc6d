import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { type EventStreamDeps, openEventStream } from '#server/http/event-streams.ts'
import { isOwnOrigin } from '#server/http/origin.ts'
import { refuseClientError } from './client-error.ts'
import { plainRequestIn } from './plain-request.ts'
import { type RawPollDeps, RawPolls } from './raw-polls.ts'
import { type StreamRequest, toStreamRequest } from './stream-request.ts'

type Deps = EventStreamDeps & Omit<RawPollDeps, 'parse'>

/** How often silent connections are checked, in ms. */
const sweepMs = 1_000

/**
 * Sits in front of the HTTP parser: a connection that begins with a poll or with a request for an event stream is served
 * without one, because parser, request and response would take three times the memory of the open stream and half of the
 * time of a poll. Every other connection is passed to the parser with the bytes that were read; so is a refused request, because refusals are written there.
 */
export function listenRaw(server: Server, deps: Deps, isRefused: (socket: Socket) => boolean): void {
  const listeners = server.rawListeners('connection')
  const parseHttp = (socket: Socket, bytes: Buffer | null) => {
    if (bytes) socket.unshift(bytes)
    for (const listener of listeners) listener.call(server, socket)
  }
  const polls = new RawPolls({ ...deps, parse: parseHttp })
  async function enter(this: Socket) {
    silent.delete(this)
    this.off('close', forget)
    const bytes: Buffer | null = this.read()
    const request = bytes ? plainRequestIn(bytes) : undefined
    if (bytes && polls.take(this, bytes, request)) return
    const stream = request && toStreamRequest(request)
    if (stream && (await serve(deps, stream, this))) return
    parseHttp(this, bytes)
  }
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    if (isRefused(socket)) return
    silent.set(socket, performance.now())
    socket.on('error', destroy)
    socket.on('close', forget)
    socket.once('readable', enter)
  })

  // Browsers open connections ahead of need: until bytes arrive, they are only known here.
  const silent = new Map<Socket, number>()
  function forget(this: Socket) {
    silent.delete(this)
  }
  const sweep = setInterval(() => {
    polls.sweep()
    const oldest = performance.now() - deps.env.HEADERS_TIMEOUT_MS
    for (const [socket, since] of silent) {
      if (since > oldest) return
      refuseClientError({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket)
      silent.delete(socket)
    }
  }, sweepMs).unref()
  deps.eventStreams.onDrain(() => {
    clearInterval(sweep)
    polls.drain()
    for (const socket of silent.keys()) socket.destroy()
  })
}

function destroy(this: Socket) {
  this.destroy()
}

/** Whether the request was served. A refused one is left to the HTTP parser, with nothing written. */
async function serve(
  deps: Deps,
  { path, name, after, headers }: StreamRequest,
  socket: Socket,
): Promise<boolean> {
  const { env, isOwnHost, nextRequestId } = deps
  if (!env.ROLES.includes('gateway')) return false
  if (!isOwnHost(headers.host ?? '') || !isOwnOrigin(headers, env.TRUSTED_ORIGINS)) return false
  const stream = {
    ...{ name, after, path, headers, requestId: nextRequestId() },
    lastEventId: headers['last-event-id'] || undefined,
    meter: { startedAt: performance.now(), read: 0, written: 0, queries: 0 },
  }
  try {
    await openEventStream(deps, stream, {
      socket,
      out: socket,
      begin: (fields, frames) => begin(socket, fields, frames),
    })
    return true
  } catch {
    // Refused or broken: repeated through the parser, the request gets its refusal.
    return socket.destroyed
  }
}

/**
 * The bytes read from a connection that carries a stream: its request, and what a client may send after it without
 * being cut.
 */
const maxReadBytes = 32 * 1024

/** What a client sends on a stream is ignored; but it has to be read, and not without limit. */
function drainInput(this: Socket) {
  if (this.bytesRead > maxReadBytes) this.destroy()
}

/**
 * Writes the head and the first frames together: two writes would be two packets. The client has nothing to send from
 * here on; when it ends its side, so does the server.
 */
function begin(socket: Socket, fields: Record<string, string>, frames: string): boolean {
  let head = 'HTTP/1.1 200 OK\r\n'
  for (const name in fields) head += `${name}: ${fields[name]}\r\n`
  socket.allowHalfOpen = false
  socket.on('data', drainInput).resume()
  return socket.write(`${head}\r\n${frames}`, 'latin1')
}
