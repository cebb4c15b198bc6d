import type { PacketRecording } from './packet-log.ts'
import type { PlotMark, PlotParts, Stretch } from './plot-parts.ts'
import type { RecordedPacket } from './recorded-packet.ts'
import { isOpen, type SocketLife } from './socket-life.ts'

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
