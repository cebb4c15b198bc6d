import type { WireEntry } from '#server/protocol/streams.ts'
import type {
  AccountEntryData,
  OrderStatus,
  WireAccount,
  WireOrder,
  WireOrderList,
  WirePosition,
} from '#server/protocol/trading.ts'

/** The account, kept live. `orders` are all those loaded, newest first, in any state. */
export type AccountState = {
  cashMinor: number
  heldMinor: number
  realisedMinor: number
  /** Holdings, by symbol. */
  positions: readonly WirePosition[]
  orders: readonly WireOrder[]
  /** The cursor of the next page of older orders. */
  ordersBefore: string | null
}

/** The account as loaded, with the newest page of its orders. */
export function firstAccount(account: WireAccount, orders: WireOrderList): AccountState {
  const { cashMinor, heldMinor, realisedMinor } = account
  return {
    cashMinor,
    heldMinor,
    realisedMinor,
    positions: account.positions.filter(isHeld),
    orders: account.orders.reduce(withOrder, orders.items),
    ordersBefore: orders.nextBefore,
  }
}

/** The account after an entry of its stream; figures are absolute, so applying an entry twice changes nothing. */
export function accountAfter(state: AccountState, { type, data }: WireEntry): AccountState {
  switch (type as keyof AccountEntryData) {
    case 'account.opened':
      return withCash(state, data as AccountEntryData['account.opened'])
    case 'order.filled': {
      const { position, realisedMinor, ...rest } = data as AccountEntryData['order.filled']
      return { ...withOutcome(state, { ...rest, position }), realisedMinor }
    }
    case 'order.placed':
    case 'order.cancelled':
    case 'order.rejected':
      return withOutcome(state, data as AccountEntryData['order.placed'])
    default:
      return state
  }
}

/** The orders with one updated. An order in a final state keeps it: the stream may be ahead of a response. */
export function withOrder(orders: readonly WireOrder[], order: WireOrder): WireOrder[] {
  const at = orders.findIndex(({ id }) => id === order.id)
  if (at < 0) {
    const before = orders.findIndex((known) => known.createdAt <= order.createdAt)
    return orders.toSpliced(before < 0 ? orders.length : before, 0, order)
  }
  if (isEnded(orders[at]?.status) && !isEnded(order.status)) return [...orders]
  return orders.with(at, order)
}

/** Adds the next page of older orders. */
export function withOlderOrders(state: AccountState, { items, nextBefore }: WireOrderList): AccountState {
  return { ...state, orders: items.reduce(withOrder, state.orders), ordersBefore: nextBefore }
}

/** Whether the order is in a final state. */
function isEnded(status: OrderStatus | undefined): boolean {
  return status !== undefined && status !== 'working'
}

/** How many shares of a symbol can be sold: those not reserved by working orders. */
export function freeShares({ positions }: AccountState, symbol: string): number {
  const found = positions.find((position) => position.symbol === symbol)
  return found ? found.quantity - found.heldQuantity : 0
}

type Outcome = { cashMinor: number; heldMinor: number; order: WireOrder; position?: WirePosition | undefined }

function withOutcome(state: AccountState, { order, position, ...cash }: Outcome): AccountState {
  return {
    ...withCash(state, cash),
    orders: withOrder(state.orders, order),
    positions: position ? withPosition(state.positions, position) : state.positions,
  }
}

function withCash(state: AccountState, { cashMinor, heldMinor }: AccountEntryData['account.opened']) {
  return { ...state, cashMinor, heldMinor }
}

function withPosition(positions: readonly WirePosition[], position: WirePosition): WirePosition[] {
  const others = positions.filter(({ symbol }) => symbol !== position.symbol)
  if (!isHeld(position)) return others
  return [...others, position].sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
}

function isHeld({ quantity }: WirePosition): boolean {
  return quantity > 0
}
