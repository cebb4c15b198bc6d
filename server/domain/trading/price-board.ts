import type { WireTick } from '#server/protocol/trading.ts'

/**
 * The latest price of each instrument, as this process knows it: what was made last wins, whichever came last, and
 * nothing is kept.
 *
 * Who sends prices on asks what has changed since the version that it saw last, as seldom or as often as its reader
 * can take: a slow one gets fewer prices, never older ones.
 */
export type PriceBoard = {
  symbols: readonly string[]
  /** Counts up with every tick. */
  version(): number
  /** How many ticks there have been. */
  ticks(): number
  tickOf(symbol: string): WireTick | undefined
  /** The latest tick of those among `symbols` that have moved after `version`, in the order of `symbols`. */
  changedSince(version: number, symbols: readonly string[]): WireTick[]
  /**
   * T15: whether prices of this term of the price service count: not those of a lower term than the newest that was
   * asked about, for they are of a leader that was deposed; unless the newer one has been silent for 10 s.
   */
  admits(term: number): boolean
  /**
   * Puts a tick that was made `ageMs` ago on the board, unless a newer one is there or its symbol is unknown. The
   * listeners are not told of one that is too old to be traded at.
   */
  set(tick: WireTick, ageMs?: number): void
  /** Calls `listener` with every tick; gives the function that ends that. */
  onTick(listener: (tick: WireTick) => void): () => void
  /** Whether prices have come so lately that they can be traded at. */
  isFresh(): boolean
}

const silentMs = 10_000
/** Ages are as good as the measurements of the database's clock: of two ticks so close, the one that comes later wins. */
const clockErrorMs = 100

type Place = { tick: WireTick | undefined; version: number; madeAt: number }

/** An empty board. `staleMs`: prices that have not moved for so long are of a service that is away. */
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
