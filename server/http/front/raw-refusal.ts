import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { destroySoon } from '#server/connections/destroy-soon.ts'
import { Refusal } from '#server/http/problem.ts'
import type { ProblemSlug } from '#server/protocol/problems.ts'
import { type RefusalDocument, refusalProblem } from './refusal-page.ts'

const streaming = new WeakSet<Duplex>()

/** From here on the line carries a stream: a refusal in the midst of it would be read as a part of it. */
export function noteStreaming(socket: Duplex): void {
  streaming.add(socket)
}

const refused = new WeakSet<Duplex>()

/** The refusal of a request is the last answer on its connection: what else comes on that is nobody's request. */
export function noteRefused(socket: Duplex): void {
  refused.add(socket)
}

export function wasRefused(socket: Duplex): boolean {
  return refused.has(socket)
}

/** Whether it does: a request on it can be neither answered nor refused. */
export function isStreaming(socket: Duplex): boolean {
  return streaming.has(socket)
}

/**
 * Refuses on the bare socket, where there is no response object (an upgrade, a connection over the cap, bytes
 * that are not HTTP), and closes it.
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

/** The same with what to say to whom: a problem, or a page. */
export function writeRefusal(socket: Duplex, { status, extra }: Refusal, sent: RefusalDocument): void {
  if (socket.writableEnded || refused.has(socket)) return
  if (!socket.writable || streaming.has(socket)) {
    socket.destroy()
    return
  }
  const retry = status === 429 || status === 503 ? { 'retry-after': '5' } : {}
  const fields = Object.entries({ ...sent.fields, ...retry, ...extra.headers }).map((pair) => pair.join(': '))
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${fields.join('\r\n')}\r\n\r\n${sent.body}`)
  // Read on for a moment: closing with bytes unread resets the line, and the client may lose the answer with it.
  socket.resume()
  destroySoon(socket)
}
