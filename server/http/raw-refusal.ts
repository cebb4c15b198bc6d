import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ProblemSlug } from '#server/protocol.ts'
import { cutSoon } from './cut-soon.ts'
import { problemOf, Refusal } from './problem.ts'

const streaming = new WeakSet<Duplex>()

/** From here on the line carries a stream: a refusal in the midst of it would be read as a part of it. */
export function noteStreaming(socket: Duplex): void {
  streaming.add(socket)
}

/**
 * Refuses on the bare socket, where there is no response object (an upgrade, a connection over the cap, bytes
 * that are not HTTP), and closes it.
 */
export function refuseOnSocket(
  socket: Duplex,
  slug: ProblemSlug,
  { status, detail, baseUrl = '' }: { status?: number; detail?: string; baseUrl?: string } = {},
): void {
  if (socket.writableEnded) return
  if (!socket.writable || streaming.has(socket)) {
    socket.destroy()
    return
  }
  const refusal = new Refusal(slug, detail, status === undefined ? {} : { status })
  const { instance: _, requestId: __, ...problem } = problemOf(refusal, baseUrl, '', '')
  const body = JSON.stringify(problem)
  const retry = refusal.status === 429 || refusal.status === 503 ? 'Retry-After: 5\r\n' : ''
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n` +
      `Content-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `${retry}Cache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  )
  // Read on for a moment: closing with bytes unread resets the line, and the client may lose the answer with it.
  socket.resume()
  cutSoon(socket)
}
