/** Trading on the wire: instruments, ticks, candles, orders, and the entries of an `account:` stream. */

export const orderLimits = { maxQuantity: 1_000_000, maxPriceMinor: 100_000_000, maxSymbols: 100 } as const

export type Side = 'buy' | 'sell'

/**
 * `bidMinor` is what a seller gets for a share, `askMinor` what a buyer pays. All prices are in minor units of
 * `currency`.
 */
export type WireQuotePrice = { bidMinor: number; askMinor: number; lastMinor: number; size: number }

/** `openMinor`: the price a day ago, from which the day's change is computed. */
export type WireInstrument = WireQuotePrice & {
  symbol: string
  name: string
  currency: 'EUR'
  tickMinor: number
  openMinor: number
  /** The last price of each of the latest minutes, oldest first, for a sparkline. */
  recent: number[]
}

/** `[symbol, bidMinor, askMinor, lastMinor, size]`: an instrument's latest since the previous frame. */
export type WireTick = [symbol: string, bidMinor: number, askMinor: number, lastMinor: number, size: number]
/** The stream of an instrument's prices. Each entry is a `price` with a `WireTick`, at most 20 a second. */
export const priceStreamOf = (symbol: string) => `prices:${symbol}`
/** At most 20 a second per connection; `at` is ISO 8601 with milliseconds. */
export type WireTicks = { at: string; ticks: WireTick[] }

export const candleIntervals = ['1m', '5m', '15m', '1h', '1d'] as const
export type CandleInterval = (typeof candleIntervals)[number]
/** `at` is the start of its interval, in epoch seconds (UTC). */
export type WireCandle = {
  at: number
  openMinor: number
  highMinor: number
  lowMinor: number
  closeMinor: number
  volume: number
}
/** Oldest first; the last one is still open. `nextBefore` leads to the page of older ones. */
export type WireCandleList = { items: WireCandle[]; nextBefore: string | null }

/** `working` rests until a price crosses it; the other three are final. */
export type OrderStatus = 'working' | 'filled' | 'cancelled' | 'rejected'

export type WireOrder = {
  id: string
  symbol: string
  side: Side
  type: 'market' | 'limit'
  quantity: number
  limitPriceMinor?: number
  status: OrderStatus
  filledQuantity: number
  /** The price at which it was filled; absent until then. */
  priceMinor?: number
  clientOrderId: string
  createdAt: string
  /** When it was filled, cancelled or rejected. */
  endedAt?: string
}
export type WireOrderList = { items: WireOrder[]; nextBefore: string | null }

/** `quantity` is all shares, `heldQuantity` those held by working sell orders; `costMinor` is what all of them cost. */
export type WirePosition = { symbol: string; quantity: number; heldQuantity: number; costMinor: number }

/** Cash available to spend, and cash held by working buy orders. */
export type WireCash = { cashMinor: number; heldMinor: number }

/** `orders` are the working ones, newest first. `cursor` is where to follow the `account:` stream from. */
export type WireAccount = WireCash & {
  currency: 'EUR'
  positions: WirePosition[]
  orders: WireOrder[]
  /** Realised profit and loss so far. */
  realisedMinor: number
  cursor: string
}

/** One movement of the account's history, newest first: what moved its cash or shares. */
export type WireMovement = {
  id: string
  at: string
  kind: 'opening' | 'buy' | 'sell'
  orderId?: string
  symbol?: string
  quantity?: number
  priceMinor?: number
  /** Signed: the change in cash, held and free together. */
  amountMinor: number
  /** Cash after it, held and free. */
  balanceMinor: number
}
export type WireMovementList = { items: WireMovement[]; nextBefore: string | null }

/** The data of an `account:` stream's entries, by type. Cash, positions and profit are absolute, after it. */
export type AccountEntryData = {
  'account.opened': WireCash
  'order.placed': WireCash & { order: WireOrder; position?: WirePosition }
  'order.filled': WireCash & { order: WireOrder; position: WirePosition; realisedMinor: number }
  'order.cancelled': WireCash & { order: WireOrder; position?: WirePosition }
  'order.rejected': WireCash & { order: WireOrder; position?: WirePosition }
}
