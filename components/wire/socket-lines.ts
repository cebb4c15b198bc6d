import type { PacketRecording } from './packet-log.ts'
import type { PacketGroup } from './read-packet.ts'
import type { RecordedPacket } from './recorded-packet.ts'
import type { SocketLife } from './socket-life.ts'

/** One line of the list: the upgrade with which a connection began, a packet, or where a connection ended. */
export type SocketLine = { key: string; atMs: number } & (
  | { type: 'upgrade'; life: SocketLife }
  | { type: 'packet'; packet: RecordedPacket }
  | { type: 'end'; life: SocketLife; closed: NonNullable<SocketLife['closed']> }
)

/** The lines of one group of packets, or all of them, newest first. What began and ended stands among all only. */
export function socketLines({ sockets, packets }: PacketRecording, group?: PacketGroup): SocketLine[] {
  const chosen = group ? packets.filter((packet) => packet.group === group) : packets
  const lines = chosen.map(packetLine)
  if (group) return lines.reverse()
  // Connections whose packets are no longer kept stand no longer in the list either; one that is open does.
  const sinceMs = packets[0]?.atMs ?? 0
  const lives = sockets.filter(
    ({ openingMs, closed }) => openingMs >= sinceMs || !closed || closed.atMs >= sinceMs,
  )
  // What happened within the same ms stays in the order in which it must have happened.
  return [...lives.map(upgradeLine), ...lines, ...lives.flatMap((life) => endLine(life) ?? [])]
    .sort((a, b) => a.atMs - b.atMs)
    .reverse()
}

function upgradeLine(life: SocketLife): SocketLine {
  return { type: 'upgrade', key: `upgrade ${life.socket}`, atMs: life.openingMs, life }
}

function packetLine(packet: RecordedPacket): SocketLine {
  return { type: 'packet', key: `packet ${packet.n}`, atMs: packet.atMs, packet }
}

function endLine(life: SocketLife): SocketLine | undefined {
  const { closed, socket } = life
  return closed && { type: 'end', key: `end ${socket}`, atMs: closed.atMs, life, closed }
}
