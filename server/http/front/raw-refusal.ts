import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { destroySoon } from '#server/connections/destroy-soon.ts'
import { Refusal } from '#server/http/problem.ts'
import type { ProblemSlug } from '#server/protocol/problems.ts'
import { type RefusalDocument, refusalProblem } from './refusal-page.ts'

const streaming = new WeakSet<Duplex>()

/** From now on the connection carries a stream: a refusal would be read as part of it. */
export function noteStreaming(socket: Duplex): void {
  streaming.add(socket)
}

const refused = new WeakSet<Duplex>()

/** A refusal is the last response on its connection: anything received after it is not a request. */
export function noteRefused(socket: Duplex): void {
  refused.add(socket)
}

export function wasRefused(socket: Duplex): boolean {
  return refused.has(socket)
}

/** Whether the connection carries a stream, so that a request on it can be neither served nor refused. */
export function isStreaming(socket: Duplex): boolean {
  return streaming.has(socket)
}

/**
 * Refuses on the bare socket, where there is no response object (an upgrade, a connection over the cap, bytes that are
 * not HTTP), and closes it.
 */
export function refuseOnSocket(
  socket: Duplex,
  slug: ProblemSlug,
  {
    baseUrl = '',
    detail,
    ...extra
  }: { status?: number; detail?: string; headers?: Record<string, string>; baseUrl?: string } = {},
): void {
  const refusal = new Refusal(slug, detail, extra)
  writeRefusal(socket, refusal, refusalProblem(refusal, baseUrl))
}

/** The same with a prepared document: a problem, or a page. */
export function writeRefusal(socket: Duplex, { status, extra }: Refusal, sent: RefusalDocument): void {
  if (socket.writableEnded || refused.has(socket)) return
  if (!socket.writable || streaming.has(socket)) {
    socket.destroy()
    return
  }
  const retry = status === 429 || status === 503 ? { 'retry-after': '5' } : {}
  const fields = Object.entries({ ...sent.fields, ...retry, ...extra.headers }).map((pair) => pair.join(': '))
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${fields.join('\r\n')}\r\n\r\n${sent.body}`)
  // Keep reading for a moment: closing with unread bytes resets the connection, and the client may lose the response.
  socket.resume()
  destroySoon(socket)
}
