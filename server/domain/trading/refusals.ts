import type { OrderStatus } from '#server/protocol/trading.ts'

/** There is no instrument of that name. */
export class InstrumentNotFound extends Error {
  override name = 'InstrumentNotFound'
}

/** There is no such order, or it is somebody else's. */
export class OrderNotFound extends Error {
  override name = 'OrderNotFound'
}

/** The order has already ended. */
export class OrderNotWorking extends Error {
  override name = 'OrderNotWorking'
  readonly status: OrderStatus

  constructor(status: OrderStatus) {
    super(`The order is ${status}`)
    this.status = status
  }
}

/** Free cash or free shares do not cover the order. */
export class InsufficientFunds extends Error {
  override name = 'InsufficientFunds'
}

/** An account's amount would exceed what can be counted exactly, 2^53 - 1. */
export class AmountTooLarge extends Error {
  override name = 'AmountTooLarge'
}

/** The user would have more resting orders than allowed. */
export class TooManyWorkingOrders extends Error {
  override name = 'TooManyWorkingOrders'
}

/** No current price is known, so nothing can be traded at one. */
export class PriceUnknown extends Error {
  override name = 'PriceUnknown'
}
