import type { OrderStatus } from '#server/protocol/trading.ts'

/** Nothing of that name is traded. */
export class InstrumentNotFound extends Error {
  override name = 'InstrumentNotFound'
}

/** There is no such order, or it is somebody else's. */
export class OrderNotFound extends Error {
  override name = 'OrderNotFound'
}

/** The order has come to its end before. */
export class OrderNotWorking extends Error {
  override name = 'OrderNotWorking'
  readonly status: OrderStatus

  constructor(status: OrderStatus) {
    super(`The order is ${status}`)
    this.status = status
  }
}

/** The free cash, or the free shares, do not cover the order. */
export class InsufficientFunds extends Error {
  override name = 'InsufficientFunds'
}

/** There would be more in an account than can be counted exactly, 2^53 - 1. */
export class AmountTooLarge extends Error {
  override name = 'AmountTooLarge'
}

/** More orders would rest than one user may have at rest. */
export class TooManyWorkingOrders extends Error {
  override name = 'TooManyWorkingOrders'
}

/** No price is known now, so nothing can be traded at one. */
export class PriceUnknown extends Error {
  override name = 'PriceUnknown'
}
