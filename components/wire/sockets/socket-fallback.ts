import type { Recording } from '#components/wire/recording.ts'
import { groupOf, requests } from '#components/wire/wire-lines.ts'
import type { PacketRecording } from './socket-life.ts'
import { isOpen } from './socket-life.ts'

/**
 * Whether the page reads over HTTP what it would read over the socket: it has requested a stream since the last socket
 * was lost. The bell's stream, `me`, is read over HTTP in any case.
 */
export function fellBack({ sockets }: PacketRecording, { exchanges }: Recording): boolean {
  const last = sockets.at(-1)
  if (!last?.closed || sockets.some(isOpen)) return false
  const sinceMs = last.closed.atMs
  return exchanges.some((exchange) => {
    const group = groupOf(exchange)
    return exchange.startedAtMs >= sinceMs && group !== requests && group !== 'me'
  })
}
