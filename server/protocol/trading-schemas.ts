import { z } from 'zod'
import { clientIdPattern } from './text.ts'
import { orderLimits } from './trading.ts'

const symbol = z.string().regex(/^[A-Z]{1,8}$/, 'Not a symbol')
const quantity = z
  .int('Must be a whole number of shares')
  .min(1, 'At least 1')
  .max(orderLimits.maxQuantity, 'At most 1,000,000')
const limitPriceMinor = z
  .int('Must be a whole number of minor units (cents)')
  .min(1, 'At least 0.01')
  .max(orderLimits.maxPriceMinor, 'At most 1,000,000.00')
const common = { symbol, side: z.enum(['buy', 'sell']), quantity }

const marketOrder = z.strictObject({ ...common, type: z.literal('market') })
const limitOrder = z.strictObject({ ...common, type: z.literal('limit'), limitPriceMinor })
const clientOrderId = z.string().regex(clientIdPattern, '1 to 64 letters, digits, - and _')

/** A market order has no price; a limit order has one. */
export const orderSchema = z.discriminatedUnion('type', [marketOrder, limitOrder])
/** The same over the socket. `clientOrderId` shares one namespace with the `Idempotency-Key` over HTTP. */
export const orderPlacementSchema = z.discriminatedUnion('type', [
  marketOrder.extend({ clientOrderId }),
  limitOrder.extend({ clientOrderId }),
])
export type OrderTicket = z.infer<typeof orderSchema>
export const symbolsSchema = z.array(symbol).min(1).max(orderLimits.maxSymbols)
