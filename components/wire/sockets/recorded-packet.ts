import type { Packet } from '#components/live/open-socket.ts'
import { type PacketGroup, packetGroupOf, type ReadPacket, readPacket } from './read-packet.ts'

/** One packet of this page, or a series of consecutive ticks. */
export type RecordedPacket = {
  /** Counts up within the page, without gaps. */
  n: number
  socket: number
  direction: 'sent' | 'received'
  /** As on the wire, truncated when long; the latest of a series. */
  text: string
  /** Of the whole text; the total of a series. */
  bytes: number
  /** Epoch ms; the latest of a series. */
  atMs: number
  kind: ReadPacket['kind']
  group: PacketGroup
  name?: string
  ackId?: number
  /** For a command and its acknowledgement: how long it took, and the `n` of the other of the two. */
  answer?: { tookMs: number; n: number }
  /** The connection was lost before the acknowledgement came. */
  unanswered?: boolean
  series?: { count: number; fromMs: number }
}

type RawPacket = Extract<Packet, { type: 'packet' }>

const keptCharacters = 8_000

/** A packet as the wire drawer records it. */
export function recordedPacket(
  n: number,
  { socket, direction, text, bytes, atMs }: RawPacket,
): RecordedPacket {
  const read = readPacket(text)
  const { kind, name, ackId } = read
  const kept = text.length > keptCharacters ? text.slice(0, keptCharacters) : text
  const group = packetGroupOf(read, direction)
  return { n, socket, direction, text: kept, bytes, atMs, kind, group, name, ackId }
}

/** `series` with one more packet; undefined if `next` does not continue it. */
export function grownSeries(last: RecordedPacket | undefined, next: RawPacket): RecordedPacket | undefined {
  if (last?.group !== 'ticks' || last.socket !== next.socket || !next.text.startsWith('42["ticks"')) {
    return undefined
  }
  const { count, fromMs } = last.series ?? { count: 1, fromMs: last.atMs }
  return {
    ...last,
    text: next.text.slice(0, keptCharacters),
    bytes: last.bytes + next.bytes,
    atMs: next.atMs,
    series: { count: count + 1, fromMs },
  }
}

/** Whether it is a command still waiting for its acknowledgement. */
export function isWaiting({ direction, kind, ackId, answer, unanswered }: RecordedPacket): boolean {
  return direction === 'sent' && kind === 'event' && ackId !== undefined && !answer && !unanswered
}
