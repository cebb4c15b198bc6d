import { framesPerSecond } from '#server/protocol/socket.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import { type Packet, packetOf } from './encode/packet.ts'

/** The latest price of each instrument; `version` increases with every tick. */
export type LatestPrices = {
  version(): number
  /** The latest ticks of those of `symbols` that changed after a version. */
  changedSince(version: number, symbols: readonly string[]): WireTick[]
}

/** A connection that receives prices, and whose buffer may be full. */
export type PriceWatcher = { readonly isFull: boolean; write(packet: Packet): void }

export type PriceSubscriptions = {
  /** Sends `watcher` the latest of `symbols` as they change after `version`, until it watches others or leaves. */
  watch(watcher: PriceWatcher, symbols: readonly string[], version: number): void
  leave(watcher: PriceWatcher): void
  symbolsOf(watcher: PriceWatcher): readonly string[]
  watchers(): number
  close(): void
}

/** Everyone who watches the same symbols, with the version each has received; `isLagging`: one of them was skipped. */
type Flow = {
  symbols: readonly string[]
  version: number
  seen: Map<PriceWatcher, number>
  isLagging: boolean
}

const beatMs = 1_000 / framesPerSecond

/**
 * WS6: ticks, conflated per connection: on every beat at most one frame, with the latest of what changed since the last
 * frame that the connection took. Watchers of the same symbols that keep up share one encoding; one whose buffer is
 * full is skipped, and gets the latest of all that it missed once it has drained.
 */
export function createPriceSubscriptions(
  prices: LatestPrices,
  now: () => number = Date.now,
): PriceSubscriptions {
  const flows = new Map<string, Flow>()
  const flowOf = new Map<PriceWatcher, Flow>()
  let timer: NodeJS.Timeout | undefined

  function beat() {
    const version = prices.version()
    for (const flow of flows.values()) if (version > flow.version || flow.isLagging) send(flow, version)
  }

  function send(flow: Flow, version: number) {
    const shared = frameSince(flow, flow.version)
    flow.isLagging = false
    for (const [watcher, seen] of flow.seen) {
      if (watcher.isFull) {
        flow.isLagging = true
        continue
      }
      const frame = seen === flow.version ? shared : frameSince(flow, seen)
      if (frame) watcher.write(frame)
      flow.seen.set(watcher, version)
    }
    flow.version = version
  }

  function frameSince({ symbols }: Flow, version: number): Packet | undefined {
    const ticks = prices.changedSince(version, symbols)
    return ticks.length > 0 ? packetOf('ticks', { at: new Date(now()).toISOString(), ticks }) : undefined
  }

  function leave(watcher: PriceWatcher) {
    const flow = flowOf.get(watcher)
    if (!flow) return
    flowOf.delete(watcher)
    flow.seen.delete(watcher)
    if (flow.seen.size === 0) flows.delete(keyOf(flow.symbols))
    if (flowOf.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    watch(watcher, symbols, version) {
      leave(watcher)
      const key = keyOf(symbols)
      const flow = flows.get(key) ?? { symbols, version, seen: new Map(), isLagging: false }
      flows.set(key, flow)
      flow.seen.set(watcher, version)
      flowOf.set(watcher, flow)
      timer ??= setInterval(beat, beatMs)
    },
    leave,
    symbolsOf: (watcher) => flowOf.get(watcher)?.symbols ?? [],
    watchers: () => flowOf.size,
    close: () => clearInterval(timer),
  }
}

function keyOf(symbols: readonly string[]): string {
  return symbols.join(' ')
}
