import type { Clock } from '#components/live/clock.ts'
import type { Packet } from '#components/live/packet.ts'
import type { WireExchange } from '#server/protocol/protocol.ts'
import { createPacketLog, noPackets, type PacketRecording } from './packet-log.ts'
import { type ToldRarely, toldRarely } from './told-rarely.ts'

export type PacketRecorder = Pick<ToldRarely<PacketRecording>, 'watch' | 'current'> & {
  hear: (packet: Packet) => void
  /** Passes on every packet from now on, as it is heard, until the answer is called. */
  listen: (listener: (packet: Packet) => void) => () => void
  /** The server's own view of connections, laid beside those it belongs to. */
  addCounts: (counts: readonly WireExchange[]) => void
}

const tellEveryMs = 250

/** Records the packets of this page's sockets, and tells its watchers four times a second, however much passes. */
export function createPacketRecorder(clock: Clock): PacketRecorder {
  const log = createPacketLog()
  const listeners = new Set<(packet: Packet) => void>()
  const { touch, watch, current } = toldRarely(clock, tellEveryMs, { first: noPackets, take: log.recording })
  return {
    hear(packet) {
      log.hear(packet)
      touch()
      for (const listener of listeners) listener(packet)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    addCounts(counts) {
      for (const counted of counts) if (log.count(counted)) touch()
    },
    watch,
    current,
  }
}
