import { z } from 'zod'
import { cursorPattern } from '#server/protocol/streams.ts'
import type {
  WireAccount,
  WireCandleList,
  WireInstrument,
  WireMovementList,
  WireOrder,
  WireOrderList,
} from '#server/protocol/trading.ts'

/** The responses of the trading routes, as schemas. */

const moment = z.iso.datetime()
const minor = z.int()
const side = z.enum(['buy', 'sell'])
export const orderStatus = z.enum(['working', 'filled', 'cancelled', 'rejected'])

export const orderAnswer = z
  .strictObject({
    id: z.string(),
    symbol: z.string(),
    side,
    type: z.enum(['market', 'limit']),
    quantity: z.int(),
    limitPriceMinor: minor.optional(),
    status: orderStatus,
    filledQuantity: z.int(),
    priceMinor: minor.optional(),
    clientOrderId: z.string(),
    createdAt: moment,
    endedAt: moment.optional(),
  })
  .meta({ id: 'Order' }) satisfies z.ZodType<WireOrder>

export const orderListAnswer = z.strictObject({
  items: z.array(orderAnswer),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WireOrderList>

export const accountAnswer = z
  .strictObject({
    currency: z.literal('EUR'),
    cashMinor: minor,
    heldMinor: minor,
    positions: z.array(
      z.strictObject({ symbol: z.string(), quantity: z.int(), heldQuantity: z.int(), costMinor: minor }),
    ),
    orders: z.array(orderAnswer),
    realisedMinor: minor,
    cursor: z.string().regex(cursorPattern),
  })
  .meta({ id: 'TradingAccount' }) satisfies z.ZodType<WireAccount>

export const movementListAnswer = z.strictObject({
  items: z.array(
    z.strictObject({
      id: z.string(),
      at: moment,
      kind: z.enum(['opening', 'buy', 'sell']),
      orderId: z.string().optional(),
      symbol: z.string().optional(),
      quantity: z.int().optional(),
      priceMinor: minor.optional(),
      amountMinor: minor,
      balanceMinor: minor,
    }),
  ),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WireMovementList>

export const instrumentsAnswer = z.array(
  z
    .strictObject({
      symbol: z.string(),
      name: z.string(),
      currency: z.literal('EUR'),
      tickMinor: minor,
      bidMinor: minor,
      askMinor: minor,
      lastMinor: minor,
      size: z.int(),
      openMinor: minor,
      recent: z.array(minor),
    })
    .meta({ id: 'Instrument' }),
) satisfies z.ZodType<WireInstrument[]>

export const candleListAnswer = z.strictObject({
  items: z.array(
    z.strictObject({
      at: z.int(),
      openMinor: minor,
      highMinor: minor,
      lowMinor: minor,
      closeMinor: minor,
      volume: z.int(),
    }),
  ),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WireCandleList>
