'use client'
import { useMemo } from 'react'
import type { LineView, SocketLine } from '#components/live/socket-line.ts'
import type { WireInstrument } from '#server/protocol/trading.ts'
import { freeShares } from './account-state.ts'
import type { TradingStart } from './trading-page.tsx'
import { useAccount } from './use-account.ts'
import { useCancelling } from './use-cancelling.ts'
import { useMarket } from './use-market.ts'
import { usePlacing } from './use-placing.ts'
import { useSideKeys } from './use-side-keys.ts'
import { closedBecause, useStale } from './use-stale.ts'
import { useTicket } from './use-ticket.ts'

/** All that lives at the desk: prices, account, orders under way, and the ticket for the chosen instrument. */
export function useDesk(line: SocketLine, view: LineView, initial: TradingStart, instrument: WireInstrument) {
  const { symbol } = instrument
  const { board, flow, heard, heardAtMs } = useMarket(line, initial.instruments)
  const placing = usePlacing(line, (order) => account.put(order))
  const account = useAccount(line, initial, placing.settle)
  const cancelling = useCancelling(line, account.put)
  const ticket = useTicket(instrument, board, placing.place)
  useSideKeys(ticket.choose)
  const staleSinceMs = useStale(heardAtMs, view.state, view.offlineSinceMs)
  const { orders } = account
  return {
    ...{ board, flow, account, cancelling, ticket, placing, staleSinceMs },
    /** Why nothing can be sent now; undefined when it can. */
    closed: closedBecause(view.state, { heard, stale: staleSinceMs !== undefined }),
    /** The working limits on the chosen symbol. */
    limits: useMemo(
      () => orders.filter((one) => one.status === 'working' && one.symbol === symbol),
      [orders, symbol],
    ),
    freeShares: freeShares(account, symbol),
  }
}
