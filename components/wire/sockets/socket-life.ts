import type { PlotMark, PlotParts, Stretch } from '#components/wire/plot-parts.ts'
import type { WireExchange } from '#server/protocol/exchanges.ts'
import type { PacketGroup } from './read-packet.ts'
import type { RecordedPacket } from './recorded-packet.ts'

/** How a connection came to its end: by the server, cut on its way, let go by the page, or never opened at all. */
export type SocketEnd = 'ended' | 'cut' | 'let-go' | 'refused'

export type Sum = { packets: number; bytes: number }

/** One connection of this page, from its upgrade to its end. Times are epoch ms. */
export type SocketLife = {
  /** Counts up within the page. */
  socket: number
  openingMs: number
  openedMs?: number
  closed?: { by: SocketEnd; atMs: number; why?: string }
  /** What Engine.IO calls it. */
  id?: string
  /** Of the packets' own text, without the frames around it. */
  sent: Sum
  received: Sum
  /** The server has said that it is about to end. */
  bye?: boolean
  /** The server's own view of it; absent until `/api/wire` has told. */
  counted?: WireExchange
}

/** Whether a connection was ended by the page itself, for a reason that Socket.IO's client gives. */
export function isClosedByPage(why = ''): boolean {
  return why === 'io client disconnect' || why === 'forced close'
}

/** By whom a connection was ended. */
export function socketEndOf({ openedMs, bye }: SocketLife, why?: string): SocketEnd {
  if (isClosedByPage(why)) return 'let-go'
  if (openedMs === undefined) return 'refused'
  return bye || why === 'io server disconnect' ? 'ended' : 'cut'
}

/** Whether it is open now. */
export function isOpen({ openedMs, closed }: SocketLife): boolean {
  return openedMs !== undefined && closed === undefined
}

/** What was asked for: Engine.IO's fourth protocol, and WebSocket from the start. */
export function upgradePath({ counted }: SocketLife): string {
  return counted?.path.includes('?') ? counted.path : '/socket.io/?EIO=4&transport=websocket'
}

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

/**
 * What a plot draws of a page's sockets up to `nowMs`: two rails as long as a connection lives, what came on the upper
 * and what went on the lower one, an outage from a cut to the next connection. Where marks would touch, as they do when
 * a rail has more than `room` of them, one stands for all.
 */
export function socketParts(
  { sockets, packets }: PacketRecording,
  { spanMs, room }: { spanMs: number; room: number },
  nowMs: number,
): PlotParts {
  const shown = packets.filter(({ atMs }) => atMs > nowMs - spanMs)
  return {
    stretches: [...railsOf(sockets, nowMs), ...outagesOf(sockets, nowMs)],
    marks: [
      ...packetMarks(shown, spanMs / room, nowMs - spanMs),
      ...sockets.flatMap((life) => cutMark(life) ?? []),
    ],
  }
}

function railsOf(sockets: readonly SocketLife[], nowMs: number): Stretch[] {
  return sockets.flatMap(({ openedMs, closed }) =>
    openedMs === undefined
      ? []
      : [{ kind: 'ws' as const, fromMs: openedMs, toMs: closed?.atMs ?? nowMs, opens: true }],
  )
}

/** From the first loss in a row to the next connection; a page that lets go itself has lost nothing. */
function outagesOf(sockets: readonly SocketLife[], nowMs: number): Stretch[] {
  const outages: Stretch[] = []
  let lostMs: number | undefined
  const endAt = (toMs: number) => {
    if (lostMs !== undefined) outages.push({ kind: 'outage', fromMs: lostMs, toMs, opens: false })
    lostMs = undefined
  }
  for (const { openedMs, closed } of sockets) {
    if (openedMs !== undefined) endAt(openedMs)
    if (closed?.by === 'let-go') endAt(closed.atMs)
    else if (closed) lostMs ??= closed.atMs
  }
  endAt(nowMs)
  return outages
}

/** A series is a mark wherever one has room, as its packets would be. */
function packetMarks(packets: readonly RecordedPacket[], roomMs: number, sinceMs: number): PlotMark[] {
  const marks = new Map<string, PlotMark>()
  const put = ({ direction, group }: RecordedPacket, atMs: number) => {
    const id = `${group === 'pings' ? 'pings' : direction} ${Math.floor(atMs / roomMs)}`
    const gist = group === 'pings' ? 'beat' : direction === 'sent' ? 'same' : 'news'
    if (!marks.has(id)) marks.set(id, { id, kind: 'ws', atMs, gist, rail: direction })
  }
  for (const packet of packets) {
    const { series, atMs } = packet
    for (let at = Math.max(series?.fromMs ?? atMs, sinceMs); at < atMs; at += roomMs) {
      put(packet, at)
    }
    put(packet, atMs)
  }
  return [...marks.values()]
}

/** Where a connection was cut or refused; one that was let go, or that said goodbye, just ends. */
function cutMark({ socket, closed }: SocketLife): PlotMark | undefined {
  if (closed?.by !== 'cut' && closed?.by !== 'refused') return undefined
  return { id: `cut ${socket}`, kind: 'ws', atMs: closed.atMs, gist: closed.by }
}

const spansMs = [60_000, 120_000, 240_000, 360_000]

/** How far back a plot of sockets reaches: the least of 1, 2, 4 and 6 minutes that shows all, else 6. */
export function socketSpanMs({ sockets, packets }: PacketRecording, nowMs: number): number {
  const firstMs = Math.min(packets[0]?.atMs ?? nowMs, sockets.find(isOpen)?.openedMs ?? nowMs)
  return spansMs.find((spanMs) => nowMs - firstMs <= spanMs * 0.95) ?? 360_000
}

/** The latest connections and packets of the page, oldest first, and sums over all there were. */
export type PacketRecording = {
  sockets: readonly SocketLife[]
  packets: readonly RecordedPacket[]
  opened: number
  sent: Sum
  received: Sum
  /** The median of the latest acknowledgements, in ms. */
  ackP50Ms: number | undefined
  /** The latest frames of ticks, for rates. */
  frames: readonly { atMs: number; bytes: number }[]
}
