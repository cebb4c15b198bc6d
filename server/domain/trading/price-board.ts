import type { WireTick } from '#server/protocol/trading.ts'

/**
 * The latest price of each instrument in this process. The most recently made tick wins, whichever arrived last; no
 * history is kept.
 *
 * Senders ask for what has changed since the version they last saw, as often as their reader can take: a slow one gets
 * fewer prices, never older ones.
 */
export type PriceBoard = {
  symbols: readonly string[]
  /** Increments with every tick. */
  version(): number
  /** The number of ticks so far. */
  ticks(): number
  tickOf(symbol: string): WireTick | undefined
  /** The latest ticks among `symbols` that changed after `version`, in the order of `symbols`. */
  changedSince(version: number, symbols: readonly string[]): WireTick[]
  /**
   * T15: whether prices of this term count. Those of a term lower than the newest seen are of a deposed leader and do
   * not, unless the newer one has been silent for 10 s.
   */
  admits(term: number): boolean
  /**
   * Puts a tick made `ageMs` ago on the board, unless a newer one is there or the symbol is unknown. Listeners are not
   * called for a tick too old to trade at.
   */
  set(tick: WireTick, ageMs?: number): void
  /** Calls `listener` with every tick; returns the function that unsubscribes. */
  onTick(listener: (tick: WireTick) => void): () => void
  /** Whether prices are recent enough to trade at. */
  isFresh(): boolean
}

const silentMs = 10_000
/**
 * Ages are only as accurate as the estimate of the database's clock: of two ticks this close, the later arrival wins.
 */
const clockErrorMs = 100

type Place = { tick: WireTick | undefined; version: number; madeAt: number }

/** An empty board. `staleMs`: when prices have not moved for this long, the price service is unavailable. */
export function createPriceBoard(
  symbols: readonly string[],
  options: { staleMs?: number; now?: () => number } = {},
): PriceBoard {
  const { staleMs = Number.POSITIVE_INFINITY, now = () => performance.now() } = options
  const places = new Map<string, Place>(
    symbols.map((symbol) => [symbol, { tick: undefined, version: 0, madeAt: Number.NEGATIVE_INFINITY }]),
  )
  const listeners = new Set<(tick: WireTick) => void>()
  let version = 0
  let movedAt = Number.NEGATIVE_INFINITY
  let newestTerm = 0
  let admittedAt = Number.NEGATIVE_INFINITY

  return {
    symbols,
    version: () => version,
    ticks: () => version,
    tickOf: (symbol) => places.get(symbol)?.tick,
    changedSince(seen, wanted) {
      const changed: WireTick[] = []
      for (const symbol of wanted) {
        const place = places.get(symbol)
        if (place?.tick && place.version > seen) changed.push(place.tick)
      }
      return changed
    },
    admits(term) {
      if (term < newestTerm && now() - admittedAt < silentMs) return false
      newestTerm = term
      admittedAt = now()
      return true
    },
    set(tick, ageMs = 0) {
      const place = places.get(tick[0])
      const madeAt = now() - ageMs
      if (!place || madeAt < place.madeAt - clockErrorMs) return
      version += 1
      movedAt = Math.max(movedAt, madeAt)
      Object.assign(place, { tick, version, madeAt })
      if (ageMs > staleMs) return
      for (const listener of listeners) listener(tick)
    },
    onTick(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    isFresh: () => now() - movedAt <= staleMs,
  }
}
