import type { PlotMark, PlotParts, Stretch } from '#components/wire/plot-parts.ts'
import type { WireExchange } from '#server/protocol/exchanges.ts'
import type { PacketGroup } from './read-packet.ts'
import type { RecordedPacket } from './recorded-packet.ts'

/** How a connection ended: by the server, cut on the way, closed by the page, or never opened. */
export type SocketEnd = 'ended' | 'cut' | 'let-go' | 'refused'

export type Sum = { packets: number; bytes: number }

/** One connection of this page, from its upgrade to its end. Times are epoch ms. */
export type SocketLife = {
  /** Counts up within the page. */
  socket: number
  openingMs: number
  openedMs?: number
  closed?: { by: SocketEnd; atMs: number; why?: string }
  /** Engine.IO's id of it. */
  id?: string
  /** Of the packets' text, without framing. */
  sent: Sum
  received: Sum
  /** The server has announced that it will close it. */
  bye?: boolean
  /** The server's own view of it; absent until `/api/wire` has returned it. */
  counted?: WireExchange
}

/** Whether the page itself closed a connection, by the reason from Socket.IO's client. */
export function isClosedByPage(why = ''): boolean {
  return why === 'io client disconnect' || why === 'forced close'
}

/** How a connection ended. */
export function socketEndOf({ openedMs, bye }: SocketLife, why?: string): SocketEnd {
  if (isClosedByPage(why)) return 'let-go'
  if (openedMs === undefined) return 'refused'
  return bye || why === 'io server disconnect' ? 'ended' : 'cut'
}

/** Whether it is open now. */
export function isOpen({ openedMs, closed }: SocketLife): boolean {
  return openedMs !== undefined && closed === undefined
}

/** The requested path: Engine.IO's protocol 4, and WebSocket from the start. */
export function upgradePath({ counted }: SocketLife): string {
  return counted?.path.includes('?') ? counted.path : '/socket.io/?EIO=4&transport=websocket'
}

/** One line of the list: a connection's upgrade, a packet, or a connection's end. */
export type SocketLine = { key: string; atMs: number } & (
  | { type: 'upgrade'; life: SocketLife }
  | { type: 'packet'; packet: RecordedPacket }
  | { type: 'end'; life: SocketLife; closed: NonNullable<SocketLife['closed']> }
)

/** The lines of one group of packets, or all of them, newest first. Upgrades and ends are listed only among all. */
export function socketLines({ sockets, packets }: PacketRecording, group?: PacketGroup): SocketLine[] {
  const chosen = group ? packets.filter((packet) => packet.group === group) : packets
  const lines = chosen.map(packetLine)
  if (group) return lines.reverse()
  // Closed connections whose packets are no longer kept are dropped from the list as well.
  const sinceMs = packets[0]?.atMs ?? 0
  const lives = sockets.filter(
    ({ openingMs, closed }) => openingMs >= sinceMs || !closed || closed.atMs >= sinceMs,
  )
  // Events within the same ms keep their causal order.
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
 * What a plot draws of a page's sockets up to `nowMs`: two rails for as long as a connection lives, received packets on
 * the upper and sent ones on the lower, an outage from a cut to the next connection. Where marks would touch, as when a
 * rail has more than `room` of them, one stands for all.
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

/** From the first loss in a row to the next connection; a page that closes its socket itself has lost nothing. */
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

/** A series is marked wherever there is room, as its packets would be. */
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

/** Where a connection was cut or refused; one that the page closed, or that received `bye`, just ends. */
function cutMark({ socket, closed }: SocketLife): PlotMark | undefined {
  if (closed?.by !== 'cut' && closed?.by !== 'refused') return undefined
  return { id: `cut ${socket}`, kind: 'ws', atMs: closed.atMs, gist: closed.by }
}

const spansMs = [60_000, 120_000, 240_000, 360_000]

/** How far back a plot of sockets reaches: the shortest of 1, 2, 4 and 6 minutes that shows everything, else 6. */
export function socketSpanMs({ sockets, packets }: PacketRecording, nowMs: number): number {
  const firstMs = Math.min(packets[0]?.atMs ?? nowMs, sockets.find(isOpen)?.openedMs ?? nowMs)
  return spansMs.find((spanMs) => nowMs - firstMs <= spanMs * 0.95) ?? 360_000
}

/** The page's latest connections and packets, oldest first, and totals over all there have been. */
export type PacketRecording = {
  sockets: readonly SocketLife[]
  packets: readonly RecordedPacket[]
  opened: number
  sent: Sum
  received: Sum
  /** The median of the latest acknowledgement times, in ms. */
  ackP50Ms: number | undefined
  /** The latest tick frames, for rates. */
  frames: readonly { atMs: number; bytes: number }[]
}
