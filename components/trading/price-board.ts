import type { WireInstrument, WireQuotePrice, WireTicks } from '#server/protocol/trading.ts'

export type Direction = 'up' | 'down' | 'same'
/** A price at which shares were traded, and its direction from the previous one. */
export type Trade = { atMs: number; priceMinor: number; size: number; way: Direction }

/**
 * The latest prices, outside React: hundreds arrive per second, and what shows one is notified at most once a frame.
 */
export type PriceBoard = {
  quote(symbol: string): WireQuotePrice | undefined
  /** The last price of each recent minute and of the current one; oldest first. */
  recent(symbol: string): readonly number[]
  /** The latest trades received, oldest first, and how many there have been since the page was opened. */
  trades(symbol: string): { latest: readonly Trade[]; count: number }
  hear(event: WireTicks): void
  /** Called for each trade as it arrives, before the frame. */
  listen(symbol: string, heard: (trade: Trade) => void): () => void
  /** Called once for each frame in which the symbol's prices changed. */
  watch(symbol: string, changed: () => void): () => void
}

type Line = { quote: WireQuotePrice; recent: number[]; minute: number; trades: Trade[]; count: number }

const keptTrades = 50
const keptMinutes = 60

/**
 * A board that starts with what the page was rendered with. `nextFrame` runs its argument once, before the next paint.
 */
export function createPriceBoard(
  instruments: readonly WireInstrument[],
  nextFrame: (paint: () => void) => void,
): PriceBoard {
  const lines = new Map<string, Line>(instruments.map((one) => [one.symbol, lineOf(one)]))
  const watchers = new Map<string, Set<() => void>>()
  const listeners = new Map<string, Set<(trade: Trade) => void>>()
  const changed = new Set<string>()
  let framed = false

  const paint = () => {
    framed = false
    for (const symbol of changed) for (const tell of watchers.get(symbol) ?? []) tell()
    changed.clear()
  }

  return {
    quote: (symbol) => lines.get(symbol)?.quote,
    recent: (symbol) => lines.get(symbol)?.recent ?? [],
    trades: (symbol) => ({ latest: lines.get(symbol)?.trades ?? [], count: lines.get(symbol)?.count ?? 0 }),
    hear(event) {
      const atMs = Date.parse(event.at)
      for (const [symbol, bidMinor, askMinor, lastMinor, size] of event.ticks) {
        const line = lines.get(symbol)
        const quote = { bidMinor, askMinor, lastMinor, size }
        // The first price after a reconnect is often known already, and no trade.
        if (!line || isSame(line.quote, quote)) continue
        const trade = tradeOf(line, quote, atMs)
        for (const heard of listeners.get(symbol) ?? []) heard(trade)
        changed.add(symbol)
      }
      if (framed || changed.size === 0) return
      framed = true
      nextFrame(paint)
    },
    listen: (symbol, heard) => join(listeners, symbol, heard),
    watch: (symbol, tell) => join(watchers, symbol, tell),
  }
}

function lineOf({ bidMinor, askMinor, lastMinor, size, recent }: WireInstrument): Line {
  const quote = { bidMinor, askMinor, lastMinor, size }
  return { quote, recent: recent.slice(-keptMinutes), minute: 0, trades: [], count: 0 }
}

/** Records the trade that made `quote` the latest, and returns it. */
function tradeOf(line: Line, quote: WireQuotePrice, atMs: number): Trade {
  const way = directionOf(quote.lastMinor - line.quote.lastMinor)
  const trade = { atMs, priceMinor: quote.lastMinor, size: quote.size, way }
  const minute = Math.floor(atMs / 60_000)
  if (minute === line.minute && line.recent.length > 0) line.recent.pop()
  line.recent.push(quote.lastMinor)
  if (line.recent.length > keptMinutes) line.recent.shift()
  line.trades.push(trade)
  if (line.trades.length > keptTrades) line.trades.shift()
  line.minute = minute
  line.count += 1
  line.quote = quote
  return trade
}

/** The direction of a difference. */
export function directionOf(difference: number): Direction {
  return difference > 0 ? 'up' : difference < 0 ? 'down' : 'same'
}

function isSame(a: WireQuotePrice, b: WireQuotePrice): boolean {
  return (
    a.lastMinor === b.lastMinor && a.bidMinor === b.bidMinor && a.askMinor === b.askMinor && a.size === b.size
  )
}

function join<Told>(all: Map<string, Set<Told>>, symbol: string, told: Told): () => void {
  const those = all.get(symbol) ?? new Set<Told>()
  all.set(symbol, those.add(told))
  return () => void those.delete(told)
}
