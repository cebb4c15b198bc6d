/** Trading on the wire: instruments, ticks, candles, orders, and what an `account:` stream carries. */

export const orderLimits = { maxQuantity: 1_000_000, maxPriceMinor: 100_000_000, maxSymbols: 100 } as const

export type Side = 'buy' | 'sell'

/** `bidMinor` is what one gets for a share, `askMinor` what one pays. All prices are in minor units of `currency`. */
export type WireQuotePrice = { bidMinor: number; askMinor: number; lastMinor: number; size: number }

/** `openMinor`: the price a day ago, from which the day's change is counted. */
export type WireInstrument = WireQuotePrice & {
  symbol: string
  name: string
  currency: 'EUR'
  tickMinor: number
  openMinor: number
  /** The last of each of the latest minutes, oldest first, for a sparkline. */
  recent: number[]
}

/** `[symbol, bidMinor, askMinor, lastMinor, size]`: the latest of an instrument since the frame before. */
export type WireTick = [symbol: string, bidMinor: number, askMinor: number, lastMinor: number, size: number]
/** The stream of an instrument's prices. Each entry is a `price` with a `WireTick`, at most 20 a second. */
export const priceStreamOf = (symbol: string) => `prices:${symbol}`
/** At most 20 a second a connection; `at` is ISO 8601 with milliseconds. */
export type WireTicks = { at: string; ticks: WireTick[] }

export const candleIntervals = ['1m', '5m', '15m', '1h', '1d'] as const
export type CandleInterval = (typeof candleIntervals)[number]
/** `at` is the beginning of its interval, in epoch seconds (UTC). */
export type WireCandle = {
  at: number
  openMinor: number
  highMinor: number
  lowMinor: number
  closeMinor: number
  volume: number
}
/** Oldest first; the last one is still open. `nextBefore` is for the page of older ones. */
export type WireCandleList = { items: WireCandle[]; nextBefore: string | null }

/** `working` rests until it is crossed; the other three are final. */
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
  /** What it was filled at; absent until then. */
  priceMinor?: number
  clientOrderId: string
  createdAt: string
  /** When it was filled, cancelled or rejected. */
  endedAt?: string
}
export type WireOrderList = { items: WireOrder[]; nextBefore: string | null }

/** `quantity` is all shares, `heldQuantity` those of them that working sell orders hold; `costMinor` is what all were bought for. */
export type WirePosition = { symbol: string; quantity: number; heldQuantity: number; costMinor: number }

/** What can be spent, and what working buy orders hold. */
export type WireCash = { cashMinor: number; heldMinor: number }

/** `orders` are the working ones, newest first. `cursor` is the place on the `account:` stream to follow it from. */
export type WireAccount = WireCash & {
  currency: 'EUR'
  positions: WirePosition[]
  orders: WireOrder[]
  /** Realised profit and loss so far. */
  realisedMinor: number
  cursor: string
}

/** One line of the account's history, newest first: what moved its cash or shares. */
export type WireMovement = {
  id: string
  at: string
  kind: 'opening' | 'buy' | 'sell'
  orderId?: string
  symbol?: string
  quantity?: number
  priceMinor?: number
  /** Signed: what it did to the cash, held and free together. */
  amountMinor: number
  /** Cash, held and free, after it. */
  balanceMinor: number
}
export type WireMovementList = { items: WireMovement[]; nextBefore: string | null }

/** What an `account:` stream carries, by the entry's type. Cash, positions and profit are absolute, after it. */
export type AccountEntryData = {
  'account.opened': WireCash
  'order.placed': WireCash & { order: WireOrder; position?: WirePosition }
  'order.filled': WireCash & { order: WireOrder; position: WirePosition; realisedMinor: number }
  'order.cancelled': WireCash & { order: WireOrder; position?: WirePosition }
  'order.rejected': WireCash & { order: WireOrder; position?: WirePosition }
}
