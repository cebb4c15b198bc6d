'use client'
import { useLine, useLineView } from '#components/live/use-line.tsx'
import { SessionEnded } from '#components/loans/poll-trouble.tsx'
import { useLineShell } from '#components/shell/use-line-shell.ts'
import type { WireAccount, WireCandleList, WireInstrument, WireOrderList } from '#server/protocol/trading.ts'
import { NoMarket } from './no-market.tsx'
import { TradingDesk } from './trading-desk.tsx'
import { type Chosen, useChosen } from './use-chosen.ts'

/** What the page was made with. */
export type TradingStart = {
  instruments: readonly WireInstrument[]
  account: WireAccount
  orders: WireOrderList
  chosen: Chosen
  candles: WireCandleList
}

/** The trading desk over this tab's line; without an instrument there is nothing to trade, and it says so. */
export function TradingPage({ initial }: { initial: TradingStart }) {
  const line = useLine()
  const view = useLineView(line)
  const [chosen, choose] = useChosen(initial.chosen)
  useLineShell(view, {
    tryNow: line.tryNow,
    promise: 'Orders are not kept: place them once the line is back.',
  })
  if (view.state === 'signed-out') return <SessionEnded mode="ws" back="/trading" />
  const instrument = initial.instruments.find(({ symbol }) => symbol === chosen.symbol)
  if (!instrument) return <NoMarket />
  return <TradingDesk {...{ initial, line, view, chosen, choose, instrument }} />
}
