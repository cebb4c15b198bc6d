import type { Clock } from '#components/live/clock.ts'
import type { Packet } from '#components/live/open-socket.ts'
import type { WireExchange } from '#server/protocol/exchanges.ts'
import { createPacketLog, noPackets } from './packet-log.ts'
import type { PacketRecording } from './socket-life.ts'

type PacketRecorder = Pick<ThrottledStore<PacketRecording>, 'watch' | 'current'> & {
  hear: (packet: Packet) => void
  /** Passes on every packet from now on, as it happens, until the returned function is called. */
  listen: (listener: (packet: Packet) => void) => () => void
  /** Adds the server's own view of connections to those it belongs to. */
  addCounts: (counts: readonly WireExchange[]) => void
}

const notifyEveryMs = 250

/** Records the packets of this page's sockets, and notifies its watchers at most four times a second. */
export function createPacketRecorder(clock: Clock): PacketRecorder {
  const log = createPacketLog()
  const listeners = new Set<(packet: Packet) => void>()
  const { touch, watch, current } = throttledStore(clock, notifyEveryMs, {
    first: noPackets,
    take: log.recording,
  })
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

/** Something that changes often and is shown occasionally. */
type ThrottledStore<Shown> = {
  /** Reports a change. */
  touch: () => void
  /** For `useSyncExternalStore`. A new watcher sees the current state. */
  watch: (changed: () => void) => () => void
  current: () => Shown
}

/**
 * Shows what `take` returns, and again after each change: at once after a quiet period, else all changes together once
 * in `everyMs`. While nobody watches nothing is taken, and no timer runs.
 */
function throttledStore<Shown>(
  clock: Clock,
  everyMs: number,
  { first, take }: { first: Shown; take: () => Shown },
): ThrottledStore<Shown> {
  const watchers = new Set<() => void>()
  let shown = first
  let stale = false
  let shownAtMs = Number.NEGATIVE_INFINITY
  let resting = false

  const show = () => {
    if (!stale) return
    stale = false
    shownAtMs = clock.now()
    shown = take()
    for (const changed of watchers) changed()
  }
  const rest = async (restMs: number) => {
    resting = true
    await clock.sleep(restMs, new AbortController().signal)
    resting = false
    if (watchers.size > 0) show()
  }

  return {
    touch() {
      stale = true
      if (watchers.size === 0 || resting) return
      const restMs = shownAtMs + everyMs - clock.now()
      if (restMs > 0) void rest(restMs)
      else show()
    },
    watch(changed) {
      show()
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
    current: () => shown,
  }
}
