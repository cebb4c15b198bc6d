import type { Packet } from '#components/live/open-socket.ts'
import type { WireExchange } from '#server/protocol/exchanges.ts'
import { median } from '#server/protocol/median.ts'
import { readPacket } from './read-packet.ts'
import { grownSeries, isWaiting, type RecordedPacket, recordedPacket } from './recorded-packet.ts'
import { type PacketRecording, type SocketLife, type Sum, socketEndOf } from './socket-life.ts'

const nothing: Sum = { packets: 0, bytes: 0 }

export const noPackets: PacketRecording = {
  ...{ sockets: [], packets: [], frames: [], opened: 0 },
  ...{ sent: nothing, received: nothing, ackP50Ms: undefined },
}

const kept = { packets: 400, sockets: 40, acks: 200, frames: 64 }

type RawPacket = Extract<Packet, { type: 'packet' }>

/** The traffic of this page's sockets. Adding a packet takes constant time. */
export function createPacketLog() {
  const sockets: SocketLife[] = []
  const packets: RecordedPacket[] = []
  const frames: { atMs: number; bytes: number }[] = []
  const ackMs: number[] = []
  let [opened, sent, received] = [0, nothing, nothing]
  let lastN = 0

  return {
    hear(packet: Packet) {
      if (packet.type === 'packet') pass(packet)
      else live(packet)
    },
    /** Returns whether it belongs to a connection still kept. */
    count(counted: WireExchange): boolean {
      const life = sockets.find(({ id }) => id !== undefined && id === counted.socketId)
      if (life) change(life.socket, () => ({ counted }))
      return life !== undefined
    },
    /** A snapshot; later packets do not change it. */
    recording: (): PacketRecording => ({
      ...{ sockets: [...sockets], packets: [...packets], frames: [...frames], opened, sent, received },
      ackP50Ms: median(ackMs),
    }),
  }

  function live({ type, socket, atMs, why }: Exclude<Packet, RawPacket>) {
    switch (type) {
      case 'opening':
        return keep(sockets, { socket, openingMs: atMs, sent: nothing, received: nothing }, kept.sockets)
      case 'opened':
        opened += 1
        return change(socket, () => ({ openedMs: atMs }))
      case 'closed':
        change(socket, (life) => ({ closed: life.closed ?? { by: socketEndOf(life, why), atMs, why } }))
        for (const own of packets) {
          if (own.socket === socket && isWaiting(own)) put({ ...own, unanswered: true })
        }
    }
  }

  function pass(packet: RawPacket) {
    const { socket, direction, bytes, atMs } = packet
    if (direction === 'sent') sent = plus(sent, bytes)
    else received = plus(received, bytes)
    change(socket, (life) => ({ [direction]: plus(life[direction], bytes) }))
    const grown = grownSeries(packets.at(-1), packet)
    if (grown) put(grown)
    else add(packet)
    if (packets.at(-1)?.group === 'ticks') keep(frames, { atMs, bytes }, kept.frames)
  }

  function add(packet: RawPacket) {
    lastN += 1
    const own = recordedPacket(lastN, packet)
    keep(packets, own, kept.packets)
    if (own.direction !== 'received') return
    if (own.kind === 'ack') answer(own)
    if (own.kind === 'open') change(own.socket, () => ({ id: idOf(packet.text) }))
    if (own.name === 'bye') change(own.socket, () => ({ bye: true }))
  }

  /** Links an acknowledgement to its command. */
  function answer(ack: RecordedPacket) {
    const command = packets.findLast(
      (own) => own.socket === ack.socket && own.ackId === ack.ackId && isWaiting(own),
    )
    if (!command) return
    const tookMs = Math.max(0, ack.atMs - command.atMs)
    keep(ackMs, tookMs, kept.acks)
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
}

function keep<T>(items: T[], next: T, most: number) {
  items.push(next)
  if (items.length > most) items.shift()
}

function plus({ packets, bytes }: Sum, more: number): Sum {
  return { packets: packets + 1, bytes: bytes + more }
}

/** The `sid` in Engine.IO's open packet. */
function idOf(text: string): string | undefined {
  return /"sid":"([^"]+)"/.exec(readPacket(text).json)?.[1]
}
