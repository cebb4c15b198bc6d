import type { Clock } from '#components/live/clock.ts'
import type { Packet } from '#components/live/packet.ts'
import type { WireExchange } from '#server/protocol.ts'
import { median } from './median.ts'
import { readPacket } from './read-packet.ts'
import { grownSeries, isWaiting, type RecordedPacket, recordedPacket } from './recorded-packet.ts'
import { type SocketLife, type Sum, socketEndOf } from './socket-life.ts'

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

const nothing: Sum = { packets: 0, bytes: 0 }

export const noPackets: PacketRecording = {
  ...{ sockets: [], packets: [], frames: [], opened: 0 },
  ...{ sent: nothing, received: nothing, ackP50Ms: undefined },
}

export type PacketRecorder = {
  hear: (packet: Packet) => void
  /** Passes on every packet from now on, as it is heard, until the answer is called. */
  listen: (listener: (packet: Packet) => void) => () => void
  /** The server's own view of connections, laid beside those it belongs to. */
  addCounts: (counts: readonly WireExchange[]) => void
  /** For `useSyncExternalStore`: told at most four times a second, however much passes. */
  watch: (changed: () => void) => () => void
  current: () => PacketRecording
}

const kept = { packets: 400, sockets: 40, acks: 200, frames: 64 }
const publishEveryMs = 250

/** Records the packets of this page's sockets at a cost that does not grow with what was recorded. */
export function createPacketRecorder(clock: Clock): PacketRecorder {
  const watchers = new Set<() => void>()
  const listeners = new Set<(packet: Packet) => void>()
  let sockets: SocketLife[] = []
  let packets: RecordedPacket[] = []
  let frames: { atMs: number; bytes: number }[] = []
  let ackMs: number[] = []
  let [opened, sent, received] = [0, nothing, nothing]
  let lastN = 0
  let shown = noPackets
  let stale = false
  let shownAtMs = Number.NEGATIVE_INFINITY
  let resting = false

  return {
    hear(packet) {
      if (packet.type === 'packet') pass(packet)
      else live(packet)
      touch()
      for (const listener of listeners) listener(packet)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    addCounts(counts) {
      for (const counted of counts) {
        const life = counted.socketId && sockets.find(({ id }) => id === counted.socketId)
        if (!life) continue
        change(life.socket, () => ({ counted }))
        touch()
      }
    },
    watch(changed) {
      publish()
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
    current: () => shown,
  }

  function live({ type, socket, atMs, why }: Exclude<Packet, { type: 'packet' }>) {
    switch (type) {
      case 'opening':
        sockets = [...sockets, { socket, openingMs: atMs, sent: nothing, received: nothing }].slice(
          -kept.sockets,
        )
        return
      case 'opened':
        opened += 1
        return change(socket, () => ({ openedMs: atMs }))
      case 'closed':
        change(socket, (life) => ({ closed: life.closed ?? { by: socketEndOf(life, why), atMs, why } }))
        packets = packets.map((own) =>
          own.socket === socket && isWaiting(own) ? { ...own, unanswered: true } : own,
        )
    }
  }

  function pass(packet: Extract<Packet, { type: 'packet' }>) {
    const { socket, direction, bytes, atMs } = packet
    if (direction === 'sent') sent = plus(sent, bytes)
    else received = plus(received, bytes)
    change(socket, (life) => ({ [direction]: plus(life[direction], bytes) }))
    const grown = grownSeries(packets.at(-1), packet)
    if (grown) packets[packets.length - 1] = grown
    else add(packet)
    if (packets.at(-1)?.group === 'ticks') frames = latest([...frames, { atMs, bytes }], kept.frames)
  }

  function add(packet: Extract<Packet, { type: 'packet' }>) {
    lastN += 1
    const own = recordedPacket(lastN, packet)
    packets.push(own)
    if (packets.length > kept.packets) packets.shift()
    if (own.direction !== 'received') return
    if (own.kind === 'ack') answer(own)
    if (own.kind === 'open') change(own.socket, () => ({ id: idOf(packet.text) }))
    if (own.name === 'bye') change(own.socket, () => ({ bye: true }))
  }

  /** Lays an acknowledgement beside its command. */
  function answer(ack: RecordedPacket) {
    const command = packets.findLast(
      (own) => own.socket === ack.socket && own.ackId === ack.ackId && isWaiting(own),
    )
    if (!command) return
    const tookMs = Math.max(0, ack.atMs - command.atMs)
    ackMs = latest([...ackMs, tookMs], kept.acks)
    put({ ...command, answer: { tookMs, n: ack.n } })
    put({ ...ack, answer: { tookMs, n: command.n } })
  }

  function put(next: RecordedPacket) {
    packets[next.n - (packets[0]?.n ?? 0)] = next
  }

  function change(socket: number, of: (life: SocketLife) => Partial<SocketLife>) {
    const at = sockets.findLastIndex((life) => life.socket === socket)
    const life = sockets[at]
    if (life) sockets[at] = { ...life, ...of(life) }
  }

  /** Tells at once what comes after a rest, and what comes thick and fast all together. */
  function touch() {
    stale = true
    if (watchers.size === 0 || resting) return
    const restMs = shownAtMs + publishEveryMs - clock.now()
    if (restMs <= 0) return publish()
    resting = true
    void clock.sleep(restMs, new AbortController().signal).then(() => {
      resting = false
      publish()
    })
  }

  function publish() {
    if (!stale) return
    stale = false
    shownAtMs = clock.now()
    shown = {
      ...{ sockets: [...sockets], packets: [...packets], frames, opened, sent, received },
      ackP50Ms: median(ackMs),
    }
    for (const changed of watchers) changed()
  }
}

function plus({ packets, bytes }: Sum, more: number): Sum {
  return { packets: packets + 1, bytes: bytes + more }
}

function latest<T>(items: T[], count: number): T[] {
  return items.length > count ? items.slice(-count) : items
}

/** The name in Engine.IO's open packet. */
function idOf(text: string): string | undefined {
  return /"sid":"([^"]+)"/.exec(readPacket(text).json)?.[1]
}
