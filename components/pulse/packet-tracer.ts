import type { Packet } from '#components/live/open-socket.ts'
import { packetWords } from '#components/wire/sockets/packet-note.ts'
import { readPacket } from '#components/wire/sockets/read-packet.ts'
import { isClosedByPage } from '#components/wire/sockets/socket-life.ts'
import type { ServerEvents } from '#server/protocol/socket.ts'
import type { TraceEvents } from './recorded-fetch.ts'

/**
 * Reports each packet of this page's sockets to the drawing, whatever its stream; other streams' entries are left out.
 */
export function createPacketTracer({ trace, clock }: TraceEvents): (packet: Packet) => void {
  const saidBye = new Set<number>()
  return (packet) => {
    const at = { wire: 'ws', id: packet.socket, atMs: packet.atMs } as const
    switch (packet.type) {
      case 'opening':
        return trace({ type: 'opened', ...at, listens: true })
      case 'opened':
        return trace({ type: 'streaming', ...at })
      case 'closed':
        if (isClosedByPage(packet.why)) return trace({ type: 'let-go', ...at })
        return trace({ type: saidBye.has(packet.socket) ? 'ended' : 'failed', ...at })
      case 'packet': {
        const { kind, name, json } = readPacket(packet.text)
        // Socket.IO's connect is sent with the first command, and would be hidden by its mark.
        if (packet.direction === 'sent' && kind === 'connect') return
        if (packet.direction === 'sent') {
          return trace({ type: 'said', ...at, word: name ?? packetWords[kind] ?? kind })
        }
        if (name === 'bye') saidBye.add(packet.socket)
        const entries = name === 'entries' ? pulseEntries(json) : []
        clock({ openedMs: packet.atMs, answeredMs: packet.atMs, entries })
        return trace({ type: 'arrived', ...at, bytes: packet.bytes, beat: kind === 'ping', entries })
      }
    }
  }
}

function pulseEntries(json: string): { seq: number; at: string }[] {
  const [, event] = JSON.parse(json) as [string, ServerEvents['entries']]
  return event.stream === 'pulse' ? event.entries.map(({ seq, at }) => ({ seq, at })) : []
}
